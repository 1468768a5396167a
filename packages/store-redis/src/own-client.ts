import { ModelError } from "@plugboard/core";
import type { RedisClient } from "./redis-client.ts";
import type { ClientSource } from "./redis-link.ts";

type Client = RedisClient & { close(): Promise<unknown>; destroy(): void };

/** A client that is made, and connected, when it is first needed, and comes back by itself. */
export interface OwnClient extends ClientSource {
  close(): Promise<void>;
}

/**
 * A client of our own.
 *
 * @throws {ModelError} `invalid-request` for what is no URL of a Redis; it is not repeated, since there may be a password in it
 */
export function ownClient(url: string): OwnClient {
  if (!/^rediss?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw new ModelError("`client` must be a client, or a URL that begins with redis:// or rediss://.", {
      code: "invalid-request",
    });
  }
  let opening: Promise<Client> | undefined;
  /** Once it has been connected. */
  let opened: Client | undefined;
  let closed = false;

  async function open(): Promise<Client> {
    const { createClient } = await import("redis");
    const client = createClient({ url });
    // Every verb says what it met; without a listener the process would end.
    client.on("error", () => {});
    client.once("ready", () => (opened = client));
    // It goes on trying. When it gives up, as for a wrong password, those who wait are told, and the next verb begins anew.
    client.connect().catch(() => (opening = undefined));
    return client;
  }

  return {
    get isReady() {
      return opened?.isReady ?? true;
    },
    client() {
      if (closed) throw new ModelError("The store is closed.", { code: "network" });
      return (opening ??= open());
    },
    async close() {
      closed = true;
      const client = await opening;
      if (client?.isReady) await client.close();
      else client?.destroy();
    },
  };
}
