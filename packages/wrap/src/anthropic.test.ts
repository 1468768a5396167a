import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import type { ModelRequest } from "@plugboard/core";
import { validated, validator } from "@plugboard/recordings";
import type { Validated } from "@plugboard/recordings";
import { scripted, scriptedAs } from "@plugboard/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { dropIn } from "./drop-in.ts";

const schemas = await validator();
const hello = { role: "user", content: "Hello" } as const;
const asked = { model: "any", max_tokens: 100, messages: [hello] };
let watched: Validated | undefined;

/** The real client in front of a model. */
function clientOf(...given: Parameters<typeof dropIn>): Anthropic {
  watched = validated(dropIn(...given), schemas);
  return new Anthropic({ apiKey: "sk-of-the-client", fetch: watched.fetch, maxRetries: 0 });
}

beforeEach(() => {
  watched = undefined;
});
afterEach(() => watched?.verify());

test("messages are answered, and no header of the client goes on", async () => {
  const model = scripted([{ usage: { input: 3, output: 2 } }, "Hel", "lo"]);
  const answer = await clientOf(model).messages.create({ ...asked, system: "Be brief." });
  expect(answer.content).toMatchObject([{ type: "text", text: "Hello" }]);
  expect(answer.stop_reason).toBe("end_turn");
  expect(answer.usage).toMatchObject({ input_tokens: 3, output_tokens: 2 });
  expect(model.requests[0]).toMatchObject({ maxOutputTokens: 100, messages: [{ role: "system" }, { role: "user" }] });
  expect(model.requests[0]).not.toHaveProperty("headers");
  expect(JSON.stringify(model.requests[0])).not.toContain("sk-of-the-client");
});

test("messages stream through the client's helper, thoughts and calls included", async () => {
  const call = { toolCall: { name: "weather", input: { city: "Oslo" }, id: "toolu_1" } };
  const stream = clientOf(scripted([{ reasoning: "Where?" }, "Let me look.", call])).messages.stream({
    ...asked,
    tools: [{ name: "weather", input_schema: { type: "object" } }],
  });
  const said: string[] = [];
  stream.on("text", (delta) => said.push(delta));
  const final = await stream.finalMessage();
  expect(said.join("")).toBe("Let me look.");
  expect(final.content).toMatchObject([
    { type: "thinking", thinking: "Where?" },
    { type: "text", text: "Let me look." },
    { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } },
  ]);
  expect(final.stop_reason).toBe("tool_use");
});

test("the client's tool runner runs the client's own tools", async () => {
  const model = scripted(
    { toolCall: { name: "weather", input: { city: "Oslo" }, id: "toolu_1" } },
    (request) => `It is ${JSON.stringify(request.messages.at(-1)?.content).includes("21") ? 21 : "?"} degrees.`,
  );
  const weather = betaZodTool({
    name: "weather",
    description: "Tells the weather.",
    inputSchema: z.object({ city: z.string() }),
    run: ({ city }) => `21 in ${city}`,
  });
  const final = await clientOf(model).beta.messages.toolRunner({ ...asked, tools: [weather] });
  expect(final.content).toMatchObject([{ type: "text", text: "It is 21 degrees." }]);
  expect(model.requests).toHaveLength(2);
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    role: "tool",
    content: [{ type: "tool-result", id: "toolu_1", name: "weather" }],
  });
});

test("the client's threads go on, though nothing is kept here: it sends the whole conversation again", async () => {
  const model = scripted("I am Claude.", "Fine.", "Bye.");
  const { model: name, max_tokens } = asked;
  const thread = clientOf(model).beta.messages.thread({ model: name, max_tokens });
  await thread.send(hello);
  await thread.send({ role: "user", content: "How are you?" });
  const last = await thread.send({ role: "user", content: "Goodbye." });
  expect(last.content).toMatchObject([{ type: "text", text: "Bye." }]);
  expect(model.requests.map(({ messages }) => messages.length)).toEqual([1, 3, 5]);
});

test("tokens are counted by the provider behind it", async () => {
  const counting = Object.assign(scripted("hi"), {
    plan: () => Promise.reject(new Error("not asked")),
    countTokens: (request: ModelRequest | string) =>
      Promise.resolve({ tokens: JSON.stringify(request).includes("Hello") ? 7 : 0, bound: "exact" as const }),
  });
  const { messages } = asked;
  await expect(clientOf(counting).messages.countTokens({ model: "any", messages })).resolves.toMatchObject({
    input_tokens: 7,
  });
  await expect(clientOf(scripted("hi")).messages.countTokens({ model: "any", messages })).rejects.toMatchObject({
    status: 400,
  });
});

test.each([
  ["overloaded", 529, 3],
  ["rate-limit", 429, 3],
  ["auth", 401, 1],
  ["budget", 402, 1],
] as const)("%s is HTTP %i, and the client asks %i times", async (error, status, calls) => {
  const model = scripted({ error, retryAfter: 1, message: "No." });
  const client = clientOf(model).withOptions({ maxRetries: 2, timeout: 60_000 });
  await expect(client.messages.create(asked)).rejects.toMatchObject({
    status,
    message: expect.stringContaining("No."),
  });
  expect(model.requests).toHaveLength(calls);
});

test("an error in the midst of a stream is thrown to its reader", async () => {
  const stream = clientOf(scripted(["Hel", { error: "overloaded", message: "Too much." }])).messages.stream(asked);
  await expect(stream.finalMessage()).rejects.toThrow("Too much.");
});

test("a stream that is called off lets the model go", async () => {
  const model = scripted(["Hel", { hang: true }]);
  const client = new Anthropic({ apiKey: "k", fetch: dropIn(model), maxRetries: 0 });
  const stream = client.messages.stream(asked);
  stream.on("text", () => stream.abort());
  await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
  await expect.poll(() => model.open).toBe(0);
  expect(model.cancelled).toBe(1);
});

test("what only Anthropic would read is said to be dropped", async () => {
  const { response } = await clientOf(scriptedAs({ provider: "other" }, "Hello"))
    .messages.create({ ...asked, metadata: { user_id: "ada" } })
    .withResponse();
  expect(response.headers.get("x-plugboard-warnings")).toBe("dropped metadata");
});

test("what is not served is not found, in Anthropic's form", async () => {
  const failed: unknown = await clientOf(scripted("hi"))
    .models.list()
    .catch((cause: unknown) => cause);
  watched = undefined;
  expect(failed).toBeInstanceOf(Anthropic.NotFoundError);
  expect(failed).toMatchObject({ error: { type: "error", error: { type: "not_found_error" } } });
});
