import { askedRequest } from "@plugboard/core";
import type { CountingModel, Json, JsonObject, ModelRequest, ProviderModel, TokenCount } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { countOf, exchangeWhole, objectOf } from "@plugboard/wire";
import type { WholeExchange } from "@plugboard/wire";

/** A {@link WholeExchange} but for what every count has alike. */
export interface PreparedCount extends Pick<
  WholeExchange<TokenCount>,
  "url" | "authorize" | "body" | "options" | "failures"
> {
  /** The member of the answer that is the count. */
  readonly member: string;
}

/** A model whose provider counts tokens. `prepare` writes the question. */
export function counting(model: ProviderModel, prepare: (request: ModelRequest) => PreparedCount): CountingModel {
  const asker = { provider: model.provider, model: model.id };
  return {
    ...model,
    async countTokens(asked) {
      const request = askedRequest(asked);
      const { member, ...prepared } = prepare(request);
      const whole = (answer: Json): TokenCount => ({ tokens: countAt(answer, member, asker), bound: "exact" });
      return exchangeWhole({ ...prepared, ...asker, request, warnings: [], whole });
    },
  };
}

function countAt(answer: Json, member: string, asker: { readonly provider: string; readonly model: string }): number {
  const count = countOf(objectOf(answer)?.[member]);
  if (count !== undefined) return count;
  throw new ModelError(`The answer of ${asker.provider} has no count of tokens in \`${member}\`.`, {
    code: "parse",
    ...asker,
  });
}

/** The members of a body that a count is asked with. */
export function membersOf(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
}
