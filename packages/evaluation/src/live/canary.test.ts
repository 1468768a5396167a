import { scriptedAs } from "@plugboard/testing";
import { expect, test } from "vitest";
import { canary } from "./canary.ts";
import type { CanaryOptions } from "./canary.ts";

const gates = { errors: { measure: "errors", margin: 0.02 } } as const;
const options: CanaryOptions = { steps: [0.5], gates };
const user = (name: string) => ({ messages: [{ role: "user" as const, content: "Hi" }], tags: { user: name } });
/** Users of both arms, by name. */
const ada = "ada";

function models() {
  return {
    old: scriptedAs({ provider: "p", id: "old" }, "old"),
    young: scriptedAs({ provider: "p", id: "young" }, "young"),
  };
}

test("each user is answered by one model, streamed or whole, and both are measured", async () => {
  const { old, young } = models();
  const model = canary(old, young, options);
  for (let call = 0; call < 60; call++) {
    const request = user(`user ${call % 30}`);
    const said = call % 2 ? await (await model.stream(request)).text() : (await model.generate(request)).content;
    const text = typeof said === "string" ? said : said.map((part) => (part.type === "text" ? part.text : "")).join("");
    expect(text).toBe(model.split.arm(request.tags.user) === "candidate" ? "young" : "old");
  }
  await expect
    .poll(() => model.split.state.calls)
    .toEqual({ baseline: old.requests.length, candidate: young.requests.length });
  expect(old.requests.length).toBeGreaterThan(0);
  expect(young.requests.length).toBeGreaterThan(0);
});

test("where the candidate fails, the baseline answers, and it counts against the candidate", async () => {
  const { old } = models();
  const young = scriptedAs({ provider: "p", id: "young" }, { error: "overloaded" });
  const model = canary(old, young, options);
  for (let call = 0; call < 400 && model.split.isRunning; call++) {
    const result = await model.generate(user(`user ${call}`));
    expect(result.attempts!.at(-1)).toMatchObject({ model: "old", outcome: "finished" });
  }
  expect(model.split.state).toMatchObject({ status: "rolled-back", share: 0 });
  const asked = young.requests.length;
  await model.generate(user(ada));
  expect(young.requests).toHaveLength(asked);
});

test("without a fallback, its failure is the caller's", async () => {
  const { old } = models();
  const young = scriptedAs({ provider: "p", id: "young" }, { error: "overloaded" });
  const model = canary(old, young, { ...options, fallback: false, random: () => 0 });
  await expect(model.generate("Hi")).rejects.toMatchObject({ code: "overloaded" });
});

test("a caller who leaves says nothing of a model", async () => {
  const { old } = models();
  const young = scriptedAs({ provider: "p", id: "young" }, ["a", { hang: true }]);
  const model = canary(old, young, { ...options, random: () => 0 });
  const reply = await model.stream("Hi");
  await reply.return();
  const controller = new AbortController();
  const hanging = canary(old, scriptedAs({ id: "never" }, { hang: true }), { ...options, random: () => 0 });
  const call = hanging.generate({ messages: [{ role: "user", content: "Hi" }], signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: "aborted" });
  expect(model.split.state.calls).toEqual({ baseline: 0, candidate: 0 });
  expect(hanging.split.state.calls).toEqual({ baseline: 0, candidate: 0 });
});

test("answers are scored, and a gate of the scores takes the traffic back", async () => {
  const { old, young } = models();
  const scorers = { isOld: ({ text }: { readonly text: string }) => text === "old" };
  const model = canary(old, young, { ...options, scorers, gates: { isOld: { score: "isOld", margin: 0.05 } } });
  for (let call = 0; call < 400 && model.split.isRunning; call++) await model.generate(user(`user ${call}`));
  expect(model.split.state.history.at(-1)!.why).toBe("Gate isOld is shown to be missed.");
});
