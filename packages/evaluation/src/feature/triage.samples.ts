import type { Model, ModelRequest } from "@plugboard/core";
import { scriptedAs } from "@plugboard/testing";
import type { ScriptedModel } from "@plugboard/testing";
import { z } from "zod";
import type { EvaluationRow } from "../evaluate/evaluation-row.ts";
import { exact } from "../scorers/exact.ts";
import { defineFeature } from "./define-feature.ts";
import type { Feature, FeatureChecks } from "./feature.ts";

/** What the tests' feature gives. */
const output: z.ZodObject<{ urgency: z.ZodEnum<{ low: "low"; high: "high" }> }> = z.object({
  urgency: z.enum(["low", "high"]),
});

/** Tickets of which every second one is urgent. */
export function tickets(
  count: number,
): readonly (Pick<EvaluationRow, "id" | "expected"> & { readonly input: object })[] {
  return Array.from({ length: count }, (_, place) => ({
    id: `${place}`,
    input: { ticket: `(${place}) ${place % 2 ? "The roof is on fire." : "A colour is odd."}` },
    expected: { urgency: place % 2 ? "high" : "low" },
  }));
}

/** A model that knows, but says what `instead` says where that says something. */
export function clerk(id: string, instead: (place: number) => string | undefined = () => undefined): ScriptedModel {
  return scriptedAs({ provider: "school", id }, (request) => {
    const place = placeOf(request);
    return instead(place) ?? `{ "urgency": "${place % 2 ? "high" : "low"}" }`;
  });
}

function placeOf({ messages }: ModelRequest): number {
  return Number(/\((\d+)\)/.exec(JSON.stringify(messages))?.[1]);
}

/** The tests' feature: two models, of which the second has a prompt and settings of its own. */
export function triageOf(
  current: Model,
  haiku: Model,
  { words = "Be brief.", checks = {} }: { readonly words?: string; readonly checks?: Partial<FeatureChecks> } = {},
): Feature<{ ticket: string }, typeof output, "current" | "haiku"> {
  return defineFeature({
    name: "triage",
    input: z.object({ ticket: z.string() }),
    output,
    prompt: ({ ticket }) => ({ messages: [{ role: "user", content: ticket }], temperature: 0.5, seed: 1 }),
    models: {
      current,
      haiku: {
        model: haiku,
        prompt: ({ ticket }) => ({
          messages: [
            { role: "system", content: words },
            { role: "user", content: ticket },
          ],
          temperature: 0.5,
        }),
        settings: { temperature: 0 },
      },
    },
    checks: {
      dataset: tickets(120),
      scorers: [exact()],
      gates: { quality: { score: "exact", margin: 0.05 }, form: { measure: "malformed", margin: 0.05 } },
      ...checks,
    },
  });
}
