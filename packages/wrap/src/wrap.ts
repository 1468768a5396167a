import { ModelError } from "@plugboard/core";
import type { JsonObject, Middleware, Model } from "@plugboard/core";
import { openai } from "@plugboard/openai";
import { fallback as firstThat } from "@plugboard/routing";
import type { ServedProtocol, ServedRequest } from "@plugboard/wire";
import { carryHeaders } from "./client-headers.ts";
import { clientFetch } from "./client-fetch.ts";
import type { Asked, Serving } from "./client-fetch.ts";
import type { ClientRequest } from "./client-request.ts";
import { circumstances } from "./circumstances.ts";
import type { Circumstances } from "./circumstances.ts";
import { usualRoutes } from "./usual-routes.ts";
import { putIn, takeOut } from "./inserted.ts";
import { originalKey, originalModel } from "./original-model.ts";
import type { Vendor } from "./original-model.ts";

/** What stands behind a client besides its own provider. */
export interface WrapOptions extends Circumstances {
  /**
   * Asked in turn when the client's own provider fails; or how a model is made of the one that stands for it, for rules of your own.
   *
   * @default nobody
   */
  readonly fallback?: readonly Model[] | ((original: Model) => Model);
  /** In front of all of them; the first is outermost. */
  readonly with?: readonly Middleware[];
  /**
   * Whose API a client for chat completions speaks, where its base URL is not OpenAI's: `groq`. @default OpenAI's; a Mistral client's is
   * Mistral
   */
  readonly vendor?: Vendor;
}

/** Chains are kept by the names that are asked for; what is asked for may come from anywhere. */
const mostChains = 256;

/**
 * Puts other models and middleware behind an SDK client that there is already, in place: its type and its call sites stay. Its own
 * provider is asked first, for the model that each request names, at the client's address and with its key; then those of `fallback`,
 * which see neither.
 *
 * Chat goes through them (chat completions, responses, messages, generateContent). All else goes to the provider as ever, and so do
 * requests that our words cannot hold, such as those that refer to an answer the provider keeps. A client that is wrapped again forgets
 * how it was wrapped before; `unwrap` undoes it.
 *
 * @returns the same client
 * @throws {ModelError} `invalid-request` for what is no client that is known
 * @example
 * const client = wrap(new OpenAI(), { fallback: [anthropic("claude-haiku-4-5")], with: [cache()] });
 * const answer = await client.chat.completions.create({ model: "gpt-4o", messages });
 */
export function wrap<Client extends object>(client: Client, options: WrapOptions = {}): Client {
  const injection = takeOut(client);
  const own = injection.current();
  const send: typeof globalThis.fetch = (...call) => (own ?? globalThis.fetch)(...call);
  const { routes = usualRoutes(), vendor = openai } = injection.speaks ?? {};
  const chains = new Map<string, Chain>();

  function chainFor(protocol: string, name: string, request: ClientRequest): Chain | undefined {
    const key = originalKey(protocol, name, request);
    const known = chains.get(key);
    if (known) return known;
    const original = originalModel({ protocol, name, request, fetch: send, vendor: options.vendor ?? vendor });
    if (!original) return undefined;
    const chain = { model: chainOf(original, options), provider: original.provider };
    const [oldest] = chains.keys();
    if (chains.size >= mostChains && oldest !== undefined) chains.delete(oldest);
    chains.set(key, chain);
    return chain;
  }

  function serve({ route, request, body, named }: Asked): Serving | undefined {
    if (route.kind !== "chat") return undefined;
    const { protocol } = route;
    let read: ServedRequest;
    try {
      read = protocol.readRequest(named(body));
    } catch (error) {
      // What our words cannot hold, the provider alone can be asked. What refers to an answer that is not found here, may have been
      // another's: it is refused as the protocol does, for the client to send everything again.
      return ModelError.from(error).code === "not-found" ? { models: {}, options: {} } : undefined;
    }
    const chain = chainFor(protocol.name, read.model, request);
    return (
      chain && {
        route: { ...route, protocol: asRead(protocol, read, chain.provider) },
        models: { chat: () => chain.model },
        options: carryHeaders(circumstances(request, options), request.headers),
      }
    );
  }

  putIn(injection, clientFetch({ routes, serve, elsewhere: send }));
  return client;
}

/** What answers for one model of the client's, and who is asked for it first. */
interface Chain {
  readonly model: Model;
  readonly provider: string;
}

function chainOf(original: Model, { fallback = [], with: layers = [] }: WrapOptions): Model {
  if (typeof fallback === "function") return fallback(original).with(...layers);
  const model = fallback.length > 0 ? firstThat([original, ...fallback]) : original;
  return model.with(...layers);
}

/** The protocol with a request that has been read; members that our words do not hold are for the client's own provider. */
function asRead(protocol: ServedProtocol, read: ServedRequest, provider: string): ServedProtocol {
  const { name, readBy = [] } = protocol;
  const [owner = provider] = readBy;
  const { providerOptions = {} } = read.request;
  // OpenAI keeps responses unless it is told not to; our adapter asks it not to unless told otherwise.
  const own: JsonObject | undefined =
    name === "responses" ? { store: true, ...providerOptions[owner] } : providerOptions[owner];
  const request = own
    ? { ...read.request, providerOptions: { ...providerOptions, [owner]: own, [provider]: own } }
    : read.request;
  return { ...protocol, readBy: [owner, ...readBy, provider], readRequest: () => ({ ...read, request }) };
}
