import { openai } from "@plugboard/openai";
import { simulate } from "@plugboard/testing";
import type { SimulatedModel, Simulator } from "@plugboard/testing";
import type { GatewayOptions } from "./gateway-options.ts";
import { gateway } from "./gateway.ts";
import { newKey } from "./keys/new-key.ts";
import type { VirtualKey } from "./keys/virtual-key.ts";
import type { GatewayServer, ServeOptions } from "./node/serve-options.ts";
import type { LogEntry } from "./telling/log-entry.ts";

/** A gateway in front of a simulated provider, for tests. */
export interface TestGateway extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly server: GatewayServer;
  /** With `/v1` at its end. */
  readonly baseURL: string;
  readonly url: string;
  /** One that may do everything. */
  readonly key: string;
  readonly log: readonly LogEntry[];
  /** Posts to a path under the key. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
}

/** What the simulated provider's key is; nobody but the provider may see it. */
export const providerKey = "sk-provider-0123456789abcdef0123";

/** Starts both on this machine. The model `fast` is the simulated `gpt-4o`; `more` are other models of the same provider. */
export async function testGateway(
  simulated: SimulatedModel,
  options: Partial<GatewayOptions> & {
    readonly serve?: ServeOptions;
    readonly virtualKey?: Partial<VirtualKey>;
    readonly makeModels?: (url: string) => GatewayOptions["models"];
  } = {},
): Promise<TestGateway> {
  const { serve, virtualKey, makeModels, ...given } = options;
  const simulator = await simulate({ models: { "gpt-4o": simulated }, apiKey: providerKey });
  const { key, hash } = newKey();
  const log: LogEntry[] = [];
  const door = gateway({
    models: makeModels?.(simulator.url) ?? { fast: openai("gpt-4o", { baseURL: `${simulator.url}/v1`, apiKey: providerKey }) },
    keys: [{ name: "tester", hash, metrics: true, ...virtualKey }],
    log: (entry) => void log.push(entry),
    ...given,
  });
  const server = await door.serve({ port: 0, ...serve });
  return {
    simulator,
    server,
    baseURL: `${server.url}/v1`,
    url: server.url,
    key,
    log,
    post: (path, body, init = {}) =>
      fetch(server.url + path, {
        method: "POST",
        ...init,
        headers: { "content-type": "application/json", authorization: `Bearer ${key}`, ...init.headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    async [Symbol.asyncDispose]() {
      await server.drain({ grace: 0 });
      await simulator.close();
    },
  };
}

/** Waits until something holds, for at most two seconds. */
export async function until(holds: () => boolean, time = 2000): Promise<void> {
  const end = performance.now() + time;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It does not hold after ${time} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** One question in the words of each protocol, and where it is asked. */
export const questions: readonly { readonly name: string; readonly path: string; readonly body: (model: string) => object }[] = [
  { name: "chat-completions", path: "/v1/chat/completions", body: (model) => ({ model, messages: [{ role: "user", content: "Hello" }] }) },
  { name: "completions", path: "/v1/completions", body: (model) => ({ model, prompt: "Hello" }) },
  { name: "responses", path: "/v1/responses", body: (model) => ({ model, input: "Hello" }) },
  { name: "messages", path: "/v1/messages", body: (model) => ({ model, max_tokens: 100, messages: [{ role: "user", content: "Hello" }] }) },
];
