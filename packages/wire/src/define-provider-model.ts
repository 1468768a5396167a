import { askedRequest, defineModel } from "@plugboard/core";
import type { ModelRequest, ProviderModel, Warning } from "@plugboard/core";
import { exchange } from "./exchange.ts";
import type { Exchange } from "./exchange.ts";
import { requestPlan } from "./request-plan.ts";

/** What the model of an adapter is made of. */
export interface ProviderModelParts {
  readonly provider: string;
  readonly id: string;
  /** The catalogue's name for it, where `id` is not one. */
  readonly catalogId?: string | undefined;
  /** Provider, id, base URL, API and mapping version. */
  readonly fingerprint: string;
  /**
   * Writes a request for the wire, and says how its answer is read. It asks for no key and sends nothing.
   *
   * @throws {ModelError} `invalid-request` or `unsupported` for what the provider cannot be asked
   */
  readonly prepare: (request: ModelRequest) => PreparedExchange;
}

/** An {@link Exchange} but for what the model adds to each: whose it is, and the request. */
export type PreparedExchange = Omit<Exchange, "provider" | "model" | "request">;

/**
 * Makes a model of how requests are written and answers read: `generate` and `stream` send what `prepare` gives, `plan` shows it.
 *
 * @example
 * return defineProviderModel({
 *   provider: "acme", id, fingerprint: `acme:${id}@${baseURL}#chat/1`,
 *   prepare: (request) => ({
 *     url: `${baseURL}/chat`, authorize: async () => ({ authorization: `Bearer ${(await key()).reveal()}` }),
 *     body: encode(request), options, warnings: [], whole: decode,
 *   }),
 * });
 */
export function defineProviderModel({ prepare, ...parts }: ProviderModelParts): ProviderModel {
  const { provider, id: model } = parts;
  const written = (request: ModelRequest): Exchange => {
    const prepared = prepare(request);
    return { ...prepared, provider, model, request, warnings: toldOnce(prepared.warnings ?? []) };
  };

  return {
    ...defineModel({ ...parts, call: async (request, controller) => exchange(written(request), controller) }),
    async plan(asked) {
      const planned = written(askedRequest(asked));
      return requestPlan(planned, planned.stream?.framing);
    },
  };
}

/** A part that is left out goes with its data: of several warnings that the same was dropped, the last says it all. */
function toldOnce(warnings: readonly Warning[]): readonly Warning[] {
  if (warnings.length < 2) return warnings;
  const last = new Map<string, Warning>();
  for (const warning of warnings) {
    const part = droppedPart(warning);
    if (part !== undefined) last.set(part, warning);
  }
  return warnings.filter((warning) => {
    const part = droppedPart(warning);
    return part === undefined || last.get(part) === warning;
  });
}

/** The path of the part that a warning says is left out, or the data of. */
function droppedPart({ code, path = "" }: Warning): string | undefined {
  if (code !== "dropped") return undefined;
  return /^(messages\[\d+\]\.content\[\d+\])(\.providerData)?$/.exec(path)?.[1];
}
