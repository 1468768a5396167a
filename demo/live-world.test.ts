import { simulate } from "@plugboard/testing";
import { nodeTransport } from "@plugboard/wire";
import type { Transport } from "@plugboard/wire";
import { expect, onTestFinished, test } from "vitest";
import { liveWorld } from "./live-world.ts";
import { pageOn } from "./page.ts";
import { questions } from "./questions.ts";
import { show } from "./show.ts";
import { UsageError } from "./usage-error.ts";
import { questionIn } from "./world.ts";

const nowhere: Transport = () => Promise.reject(new Error("There is no network here."));

test("names every way to give it a model when there is none", async () => {
  const world = liveWorld({ environment: {}, transport: nowhere });
  await expect(world).rejects.toThrow(UsageError);
  for (const name of ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "AZURE_OPENAI_ENDPOINT", "Ollama"]) {
    await expect(world).rejects.toThrow(name);
  }
});

test.for([
  { keys: { OPENAI_API_KEY: "a", ANTHROPIC_API_KEY: "b" }, models: ["claude-haiku-4-5", "gpt-4o-mini"] },
  { keys: { OPENAI_API_KEY: "a" }, models: ["gpt-4o-mini"] },
])("asks those that are there, dearest first: $models", async ({ keys, models }) => {
  const long = "Word for word, and then some more of it. ".repeat(60);
  const answers = new Map(questions.map(({ text, answer }) => [text, answer]));
  const simulated = {
    answer: (request: Parameters<typeof questionIn>[0]) =>
      JSON.stringify({ reasoning: long, answer: answers.get(questionIn(request)) }),
  };
  const simulator = await simulate({ models: Object.fromEntries(models.map((model) => [model, simulated])) });
  onTestFinished(() => simulator.close());
  const inner = nodeTransport();
  const transport: Transport = (request) => {
    const { pathname } = new URL(request.url);
    return inner({ ...request, url: simulator.url + pathname });
  };
  const printed: string[] = [];
  const world = await liveWorld({ environment: keys, transport });
  expect(await show(world, pageOn({ write: (text) => printed.push(text) }))).toEqual([]);
  expect(world.participants.map(({ model }) => model.id)).toEqual(models);
  expect(printed.join("")).toContain("Ollama is not asked");
  expect(printed.join("")).not.toMatch(/NaN|undefined/);
});
