import type { EmbeddingModel, Model } from "@plugboard/core";
import type { Route } from "@plugboard/wire/serve";
import { clientFetch } from "./client-fetch.ts";
import { circumstances } from "./circumstances.ts";
import type { Circumstances } from "./circumstances.ts";
import { namedModels } from "./named-models.ts";
import type { NamedModels } from "./named-models.ts";
import { usualRoutes } from "./usual-routes.ts";

/** How a drop-in `fetch` answers. */
export interface DropInOptions extends Circumstances {
  /** Gets what is not served here, with all that the client sends, its key too. @default nobody: it is not found (404) */
  readonly elsewhere?: typeof globalThis.fetch;
  /** Which protocols are spoken, at which paths. @default those of OpenAI (also at Azure's paths), Anthropic and Google */
  readonly routes?: readonly Route[];
}

/**
 * A `fetch` for the SDK client that an application already has: the client asks as ever, and the models given here answer, in the
 * protocol that the client speaks.
 *
 * Nothing is sent where the client believes to send it, and no header of it is sent on, so its key may be any text. What could not be
 * said to the model is in the response's header `x-plugboard-warnings`, and told to `notify`. A failure comes in the client's form, and
 * says whether and when to ask again.
 *
 * @param models - one that answers to every name, or several by name
 * @throws {ModelError} `invalid-request` for an alias of a name that there is not
 * @example
 * const client = new OpenAI({ apiKey: "unused", fetch: dropIn(anthropic("claude-haiku-4-5")) });
 * @example
 * const fetch = dropIn({ models: { smart: chain, vectors: openaiEmbedding("text-embedding-3-small") }, aliases: { "gpt-4o": "smart" } });
 */
export function dropIn(
  models: Model | EmbeddingModel | NamedModels,
  options: DropInOptions = {},
): typeof globalThis.fetch {
  const { routes = usualRoutes() } = options;
  const served = namedModels(models);
  return clientFetch({
    routes,
    elsewhere: options.elsewhere,
    serve: ({ request }) => ({ models: served, options: circumstances(request, options) }),
  });
}
