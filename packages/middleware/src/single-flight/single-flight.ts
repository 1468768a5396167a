import type { Middleware } from "@plugboard/core";
import { promptKey } from "../cache/prompt-key.ts";
import { flights } from "./flights.ts";

/** Who may share an answer. */
export interface SingleFlightOptions {
  /** Tags that keep callers apart: with `["tenant"]`, no tenant shares an answer with another. @default everyone shares */
  readonly scope?: readonly string[];
}

/**
 * Makes one call of identical calls at the same time, and gives its answer to all who made them. Each reads at their own pace and
 * leaves when they like; the call is called off when the last one leaves. A failure is shared too, and then forgotten.
 *
 * @example
 * const model = openai("gpt-4o").with(singleFlight());
 * const [one, two] = await Promise.all([model.generate("hello"), model.generate("hello")]); // one request
 */
export function singleFlight({ scope = [] }: SingleFlightOptions = {}): Middleware {
  return (model) => {
    const fly = flights();
    return async (request) => {
      const key = promptKey(model.fingerprint, request, scope);
      return key === undefined ? model.call(request) : fly(key, request, (request) => model.call(request));
    };
  };
}
