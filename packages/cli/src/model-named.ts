import { ModelError } from "@plugboard/core";
import type { Model } from "@plugboard/core";

/**
 * The model of a name as people write it, `openai/gpt-4o` or `openrouter/meta-llama/llama-3.3-70b-instruct`; its key is in the
 * provider's environment variable. The names of providers are those of the gateway's configuration, and its package is loaded when one
 * is asked for.
 *
 * @throws {ModelError} `invalid-request` for a name without a slash, `not-found` for a provider that there is none of
 */
export async function modelNamed(name: string): Promise<Model> {
  const [provider, id] = splitName(name);
  const { providers, providerNames } = await import("@plugboard/gateway/config");
  const known = providerNames.find((name) => name === provider);
  if (known) return providers[known].chat(id, {});
  throw new ModelError(`There is no provider "${provider}"; these are: ${providerNames.join(", ")}.`, {
    code: "not-found",
  });
}

/** What stands before and behind the first slash. @throws {ModelError} `invalid-request` where one of them is missing */
export function splitName(name: string): readonly [provider: string, id: string] {
  const place = name.indexOf("/");
  if (place > 0 && place < name.length - 1) return [name.slice(0, place), name.slice(place + 1)];
  throw new ModelError(`A model is named provider/id, such as openai/gpt-4o; this is ${JSON.stringify(name)}.`, {
    code: "invalid-request",
  });
}
