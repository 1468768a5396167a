// Checked by the compiler alone: what callers get without writing a type.
import type { Model, ModelReply, ObjectReply } from "@plugboard/core";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { exact } from "../scorers/exact.ts";
import { defineFeature } from "./define-feature.ts";
import type { FeatureAnswer } from "./feature.ts";
import { migrate } from "./migrate.ts";

declare const model: Model;
const urgency = z.object({ urgency: z.enum(["low", "high"]) });

const triage = defineFeature({
  name: "triage",
  input: z.object({ ticket: z.string(), words: z.string().transform(Number) }),
  output: urgency,
  prompt: (input) => {
    expectTypeOf(input).toEqualTypeOf<{ ticket: string; words: number }>();
    return input.ticket;
  },
  models: {
    current: model,
    haiku: {
      model,
      prompt: ({ ticket, words }) => {
        expectTypeOf(words).toEqualTypeOf<number>();
        return { messages: [{ role: "user", content: ticket }], temperature: 0 };
      },
      settings: { maxOutputTokens: 20 },
    },
  },
  checks: {
    dataset: [],
    scorers: { brief: ({ row }) => row.input.words.length < 3, exact: exact() },
    gates: {},
  },
});

expectTypeOf(triage.run({ ticket: "", words: "" })).resolves.toEqualTypeOf<
  FeatureAnswer<{ urgency: "low" | "high" }, "current" | "haiku">
>();
expectTypeOf(triage.stream({ ticket: "", words: "" })).resolves.toEqualTypeOf<ObjectReply<typeof urgency>>();
// @ts-expect-error There is no such model.
void triage.run({ ticket: "", words: "" }, { model: "huge" });
// @ts-expect-error A ticket is a text.
void triage.run({ ticket: 1, words: "" });

const summary = defineFeature({ name: "s", input: z.string(), prompt: (text) => text, models: { one: model } });
expectTypeOf((await summary.run("")).output).toEqualTypeOf<string>();
expectTypeOf(summary.stream("")).resolves.toEqualTypeOf<ModelReply>();

void migrate(triage, { to: "haiku", from: "current" });
// @ts-expect-error There is no such model.
void migrate(triage, { to: "huge" });
// @ts-expect-error An input is a schema.
defineFeature({ name: "s", input: {}, prompt: () => "", models: { one: model } });
