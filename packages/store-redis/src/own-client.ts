import { ModelError } from "@plugboard/core";
import { refusalOf } from "./failure.ts";
import type { RedisClient } from "./redis-client.ts";
import type { ClientSource } from "./redis-link.ts";

type Client = RedisClient & { readonly isOpen: boolean; close(): Promise<unknown>; destroy(): void };

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
  let made: Client | undefined;
  let opening: Promise<Client> | undefined;
  /** Once it has been connected. */
  let opened: Client | undefined;
  let closed = false;

  /** Goes on trying until there is a connection, or no sense in it, as with a wrong password. */
  async function open(): Promise<Client> {
    const { createClient } = await import("redis");
    const client = createClient({ url });
    made = client;
    try {
      await new Promise((resolve, reject) => {
        // Every verb says what it met; without a listener the process would end.
        client.on("error", (error: unknown) => {
          if (refusalOf(error) !== undefined) reject(error);
        });
        client.connect().then(resolve, reject);
      });
    } catch (error) {
      // The next verb begins anew.
      opening = undefined;
      if (client.isOpen) client.destroy();
      throw error;
    }
    return (opened = client);
  }

  return {
    get isReady() {
      return opened?.isReady ?? true;
    },
    client() {
      if (closed) throw new ModelError("The store is closed.", { code: "network" });
      return opened ?? (opening ??= open());
    },
    async close() {
      closed = true;
      if (made?.isReady) await made.close();
      else if (made?.isOpen) made.destroy();
    },
  };
}
