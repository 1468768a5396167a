import type { ProviderRerankModel, RerankModel, RerankResult } from "@plugboard/core";
import type { RerankSample } from "../rerank-sample.ts";
import { asChat } from "./as-chat.ts";
import type { CreateWhole, Kind } from "./as-chat.ts";
import type { TestProviderOptions } from "./sample-faults.ts";
import { suite } from "./test-provider.ts";
import { transportCases } from "./transport-cases.ts";

/** Makes the rerank model that is judged. It must send its requests through the fetch it is given. */
export type CreateRerankProvider = CreateWhole<RerankSample, RerankModel>;

/**
 * Judges the rerank model of an adapter: a vitest suite with one test for each sample, delivered whole, in chunks and cut, and the
 * failures that every wire has.
 *
 * It is the suite of `testProvider`, which sees the ranking as text: the places of the documents, the best first, with their scores.
 *
 * @example
 * testRerankProvider("parrot", ({ fetch, model }) => parrotRerank(model, { fetch }), samples);
 */
export function testRerankProvider(
  name: string,
  create: CreateRerankProvider,
  samples: readonly RerankSample[],
  options: TestProviderOptions = {},
): void {
  const cases = transportCases.filter(({ mode }) => mode === "generate");
  const chat = asChat(create, samples, rankings);
  suite(name, chat.create, chat.samples, options, cases);
}

/** Rankings in words. */
export const rankings: Kind<RerankSample, RerankModel> = {
  asked: ({ call }) => call.query,
  expected: ({ expected }) => expected.ranking && describe(expected.ranking),
  async answer(judged, { call }, circumstances) {
    const { model: _, ...input } = call;
    const { model, ranking, usage, warnings } = await judged.call({ ...input, ...circumstances });
    return { model, usage, warnings, text: describe(ranking) };
  },
  plan(judged, { call }) {
    const { model: _, ...input } = call;
    return (judged as ProviderRerankModel).plan(input);
  },
};

function describe(ranking: RerankResult["ranking"]): string {
  return ranking.map(({ index, score }) => `document ${index} with ${score}`).join(", ");
}
