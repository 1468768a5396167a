import { ModelError, checkOption } from "@plugboard/core";
import { itemShelves } from "@plugboard/openai/serve";
import { countTokens } from "@plugboard/tokens";
import { memoryLedger, memoryLimits } from "plugboard";
import type { GatewayOptions } from "./gateway-options.ts";
import { handler } from "./handling/handle.ts";
import { keyDoor } from "./keys/key-door.ts";
import { wrongKeys } from "./keys/wrong-keys.ts";
import { keptOptions } from "./models/kept-options.ts";
import { servedModels } from "./models/served-models.ts";
import type { GatewayServer, ServeOptions } from "./node/serve-options.ts";
import { metrics } from "./telling/metrics.ts";
import { nodeResolve } from "./urls/node-resolve.ts";
import { fetchHandler } from "./web/fetch-handler.ts";
import type { FetchHandler } from "./web/fetch-handler.ts";

/** An HTTP service in front of models. */
export interface Gateway {
  /** Answers a request of the web's: for Bun, Deno, Workers, a route of an application. */
  readonly fetch: FetchHandler;
  /**
   * Listens on `node:http`, on this machine alone unless told otherwise.
   *
   * @throws {ModelError} `invalid-request` for an address beyond this machine without keys; `network` where it cannot listen
   */
  serve(options?: ServeOptions): Promise<GatewayServer>;
}

/**
 * Offers models to clients of OpenAI, Anthropic and Gemini, under keys of its own: who may use what, how much of it, and for how much
 * money.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values
 * @example
 * const { key, hash } = newKey(); // the key is for the client
 * const door = gateway({
 *   models: { fast: fallback([openai("gpt-4o-mini"), anthropic("claude-haiku-4-5")]).with(retry()) },
 *   keys: [{ name: "team-a", hash, budget: { usd: 5, window: "day" } }],
 *   store: sqliteStore({ path: "gateway.db" }),
 * });
 * const server = await door.serve({ port: 8787 });
 */
export function gateway(options: GatewayOptions): Gateway {
  const { maxBodyBytes = 10 * 2 ** 20, timeout = 600_000, lease = 60_000, keys, store, tags = {} } = options;
  const { itemBytes = 16 * 2 ** 20 } = options;
  checkOption("maxBodyBytes", maxBodyBytes, { least: 1, whole: true });
  checkOption("itemBytes", itemBytes, { least: 0 });
  checkOption("timeout", timeout, { least: 1 });
  checkOption("lease", lease, { least: 3 });
  const ledger = store?.ledger ?? memoryLedger();
  const limits = store?.limits ?? memoryLimits();
  const counted = metrics();
  const { models, price, modelLimits, pass, cors, log, resolve = nodeResolve() } = options;
  let isEnding = false;
  const endBegins = (): void => {
    isEnding = true;
  };

  const handle = handler({
    door: keyDoor({ keys, limits, wrong: wrongKeys(options.wrongKeys), onWrong: () => counted.wrongKey() }),
    models: servedModels(
      { models, ledger, limits, lease, ...(price && { price }), ...(modelLimits && { modelLimits }) },
      keys === "none" ? [] : keys,
    ),
    metrics: counted,
    kept: keptOptions(pass),
    tagHeaders: readTagHeaders(tags),
    maxBodyBytes,
    timeout,
    items: itemShelves({ bytes: itemBytes }),
    showProviderErrors: options.showProviderErrors ?? false,
    cors,
    resolve,
    async ready() {
      if (isEnding) throw new ModelError("It is ending.", { code: "overloaded" });
      await ledger.spend("gateway/ready", "total");
    },
    count: options.count ?? countTokens,
    log,
    logContent: options.logContent ?? false,
  });

  return {
    fetch: fetchHandler(handle),
    async serve(serveOptions) {
      // Loaded when it is wanted, so that the fetch handler runs where there is no node:http.
      const { serve } = await import("./node/serve.ts");
      return serve({ handle, metrics: counted, isOpen: keys === "none", draining: endBegins }, serveOptions);
    },
  };
}

function readTagHeaders(tags: Readonly<Record<string, string>>): readonly (readonly [tag: string, header: string])[] {
  return Object.entries(tags).map(([tag, header]) => {
    const name = header.toLowerCase();
    if (tag === "key") throw refused("tags", "without `key`, which is the name of the virtual key");
    if (!/^[a-z][a-z0-9-]{0,63}$/.test(name) || /authorization|cookie|api-key/.test(name)) {
      throw refused(`tags.${tag}`, "the name of a header that holds no secret");
    }
    return [tag, name] as const;
  });
}

function refused(field: string, wanted: string): ModelError {
  return new ModelError(`\`${field}\` must be ${wanted}.`, { code: "invalid-request" });
}
