import { ModelError } from "@plugboard/core";
import { mistralRoutes } from "@plugboard/openai/serve";
import { mistral } from "@plugboard/openai/compatible";
import type { Route } from "@plugboard/wire/serve";
import type { Vendor } from "./original-model.ts";

type Fetch = typeof globalThis.fetch;

/** Where a client keeps the `fetch` that it asks with. */
export interface Injection {
  /** The one that is there; `undefined` where the client takes the global one. */
  readonly current: () => Fetch | undefined;
  /** Puts one there. @returns what puts back what was there */
  readonly insert: (fetch: Fetch) => () => void;
  /** What the client speaks, where the path alone does not tell. */
  readonly speaks?: { readonly routes: readonly Route[]; readonly vendor: Vendor };
}

/** Objects that are looked into, and whose members are set. */
type Inner = Record<string, unknown>;

/**
 * Finds where a client keeps its `fetch`. These are members of the clients' own, which they do not promise: they are looked at in the
 * versions that the tests run with, and a client that has none of them is refused.
 *
 * @throws {ModelError} `invalid-request` for what is no client that is known
 */
export function injectionOf(client: object): Injection {
  const found = inFetch(client as Inner) ?? inHttpOptions(client as Inner) ?? inHttpClient(client as Inner);
  if (found) return found;
  throw new ModelError(
    "This is no client that can be wrapped: those of openai, @anthropic-ai/sdk, @google/genai and @mistralai/mistralai can.",
    { code: "invalid-request" },
  );
}

/** OpenAI, AzureOpenAI, Anthropic: `client.fetch`. Clients made of it by `withOptions` take it along. */
function inFetch(client: Inner): Injection | undefined {
  if (typeof client["fetch"] !== "function" || typeof client["baseURL"] !== "string") return undefined;
  return memberOf(client, "fetch");
}

/** GoogleGenAI: the `fetch` of its HTTP options. */
function inHttpOptions({ apiClient }: Inner): Injection | undefined {
  const options = innerOf(innerOf(apiClient)?.["clientOptions"])?.["httpOptions"];
  const inner = innerOf(options);
  return inner && memberOf(inner, "fetch");
}

/**
 * Mistral: the HTTP client in its options, which every resource takes along when it is first used. Those used before are forgotten, so
 * that the next use makes them anew.
 */
function inHttpClient(client: Inner): Injection | undefined {
  const options = innerOf(client["_options"]);
  if (!options || !("_baseURL" in client)) return undefined;

  function forgetResources(): void {
    for (const [name, resource] of Object.entries(client)) {
      if (name.startsWith("_") && innerOf(resource)?.["_options"]) client[name] = undefined;
    }
  }

  return {
    speaks: { routes: mistralRoutes(), vendor: mistral },
    current() {
      const inner = innerOf(options["httpClient"]);
      const { inserted, request } = inner ?? {};
      if (isFunction(inserted)) return inserted as Fetch;
      return isFunction(request)
        ? (...call) => request.call(inner, new Request(...call)) as Promise<Response>
        : undefined;
    },
    insert(fetch) {
      const restore = put(options, "httpClient", { inserted: fetch, request: (request: Request) => fetch(request) });
      forgetResources();
      return () => {
        restore();
        forgetResources();
      };
    },
  };
}

function memberOf(holder: Inner, name: string): Injection {
  return {
    current: () => (isFunction(holder[name]) ? (holder[name] as Fetch) : undefined),
    insert: (fetch) => put(holder, name, fetch),
  };
}

/** Sets a member. @returns what puts back what was there */
function put(holder: Inner, name: string, value: unknown): () => void {
  const had = Object.hasOwn(holder, name);
  const before = holder[name];
  holder[name] = value;
  return () => {
    if (had) holder[name] = before;
    else delete holder[name];
  };
}

function innerOf(value: unknown): Inner | undefined {
  return typeof value === "object" && value !== null ? (value as Inner) : undefined;
}

function isFunction(value: unknown): value is (...given: readonly unknown[]) => unknown {
  return typeof value === "function";
}
