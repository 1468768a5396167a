import { statusOf as catalogStatus } from "@plugboard/catalog";
import type { AnyMiddleware, ModelKey } from "@plugboard/core";
import { deprecation as deprecationBy } from "@plugboard/middleware";

/**
 * Says when a model that is called is going to be retired, by the catalogue, unless told otherwise: each of its answers carries a warning
 * `deprecated`, and a notice comes once for each model in a process.
 *
 * @example
 * const model = openai("gpt-4").with(deprecation());
 */
export function deprecation(statusOf: (model: ModelKey) => string | undefined = catalogStatus): AnyMiddleware {
  return deprecationBy(statusOf);
}
