import type { Json, JsonObject, Message, ModelRequest, Warning } from "@plugboard/core";
import { anyRequest, validator } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeChat } from "../chat-completions/encode.ts";
import { mistral } from "./mistral.ts";

const schemas = await validator();
const hello: Message = { role: "user", content: "Hello" };

function encoded(
  request: Partial<ModelRequest>,
  model = "mistral-large-latest",
): { body: JsonObject; messages: readonly JsonObject[]; warnings: readonly Warning[] } {
  const { body, warnings } = encodeChat({ messages: [hello], ...request }, { dialect: mistral.dialect, model });
  return { body, messages: body["messages"] as readonly JsonObject[], warnings };
}

const call = { type: "tool-call", id: "call_of_another_provider", name: "weather", input: {} } as const;
const result = { type: "tool-result", id: call.id, name: call.name, output: "Sunny." } as const;

test("settings have Mistral's names and bounds, and a stream is asked for nothing else", () => {
  const { body, warnings } = encoded({
    maxOutputTokens: 9,
    temperature: 2,
    seed: -4,
    stream: true,
    toolChoice: "required",
  });
  expect(body).toEqual({
    model: "mistral-large-latest",
    messages: [{ role: "user", content: "Hello" }],
    max_tokens: 9,
    temperature: 1.5,
    random_seed: 0,
    stream: true,
  });
  expect(warnings.map(({ path }) => path)).toEqual(["temperature", "seed", "toolChoice"]);
  expect(encoded({ seed: 4 })).toMatchObject({ body: { random_seed: 4 }, warnings: [] });
  expect(encoded({ providerOptions: { mistral: { safe_prompt: true } } }).body).toMatchObject({ safe_prompt: true });
});

test("ids of calls are nine letters and digits, the same in the call and its result; Mistral's own stay", () => {
  const own = { ...call, id: "D681PevKs" };
  const content = [call, own, { ...call, id: "call_of_another_provides" }];
  const results = content.map(({ id }) => ({ ...result, id }));
  const { messages } = encoded({
    messages: [hello, { role: "assistant", content }, { role: "tool", content: results }],
  });
  const ids = (messages[1]!["tool_calls"] as { id: string }[]).map(({ id }) => id);
  for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9]{9}$/);
  expect(new Set(ids).size).toBe(3);
  expect(ids[1]).toBe("D681PevKs");
  expect(messages.slice(2).map((message) => message["tool_call_id"])).toEqual(ids);
});

test("other ids become distinct ones", () => {
  const content = Array.from({ length: 300 }, (_, place) => ({ ...call, id: `toolu_01A${place}` }));
  const [, turn] = encoded({ messages: [hello, { role: "assistant", content }] }).messages;
  const ids = (turn!["tool_calls"] as { id: string }[]).map(({ id }) => id);
  expect(new Set(ids.map((id) => id.slice(2))).size).toBe(300); // each half is of the whole id
});

test("a short answer stands between results and what the user says, for models that want one", () => {
  const messages: Message[] = [
    hello,
    { role: "assistant", content: [call] },
    { role: "tool", content: [result] },
    { role: "user", content: "And?" },
  ];
  const large = encoded({ messages });
  expect(large.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant", "user"]);
  expect(large.warnings).toMatchObject([{ code: "adapted", path: "messages" }]);
  const small = encoded({ messages }, "mistral-small-latest");
  expect(small.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "user"]);
  expect(small.warnings).toEqual([]);
});

test("thoughts go back as a part of the content", () => {
  const thought = { type: "reasoning", text: "Sum." } as const;
  const { messages, warnings } = encoded({
    messages: [
      hello,
      { role: "assistant", content: [thought, { type: "text", text: "8" }] },
      hello,
      { role: "assistant", content: [thought, call] },
      { role: "tool", content: [result] },
    ],
  });
  const thinking = { type: "thinking", thinking: [{ type: "text", text: "Sum." }] };
  expect(messages[1]).toEqual({ role: "assistant", content: [thinking, { type: "text", text: "8" }] });
  expect(messages[3]).toMatchObject({ role: "assistant", content: [thinking], tool_calls: [{}] });
  expect(warnings).toEqual([]);
});

test("an assistant's message at the end is one to go on from", () => {
  const begun: Message = { role: "assistant", content: "{" };
  expect(encoded({ messages: [hello, begun] }).messages[1]).toEqual({ role: "assistant", content: "{", prefix: true });
  expect(encoded({ messages: [hello, begun, hello] }).messages[1]).not.toHaveProperty("prefix");
});

test("a document is sent by its address or its bytes", () => {
  const { messages } = encoded({
    messages: [
      {
        role: "user",
        content: [
          { type: "file", mediaType: "application/pdf", data: new Uint8Array([1]), filename: "a.pdf" },
          { type: "file", mediaType: "application/pdf", data: new URL("https://a.example/b.pdf") },
        ],
      },
    ],
  });
  expect(messages[0]!["content"]).toEqual([
    { type: "document_url", document_url: "data:application/pdf;base64,AQ==", document_name: "a.pdf" },
    { type: "document_url", document_url: "https://a.example/b.pdf" },
  ]);
});

test("only models that take it are told how hard to think", () => {
  expect(encoded({ reasoning: "low" }, "mistral-small-latest").body).toMatchObject({ reasoning_effort: "high" });
  expect(encoded({ reasoning: "none" }, "mistral-medium-2604").body).toMatchObject({ reasoning_effort: "none" });
  expect(encoded({ reasoning: "high" }, "magistral-medium-latest")).toMatchObject({
    warnings: [{ path: "reasoning" }],
  });
});

test("fills in the middle with Codestral, and with nothing else", async () => {
  const urls: string[] = [];
  const fetch: typeof globalThis.fetch = (url) => {
    urls.push(url as string);
    return Promise.resolve(
      Response.json({ choices: [{ index: 0, message: { content: "1" }, finish_reason: "stop" }] }),
    );
  };
  const gap: ModelRequest = { messages: [{ role: "user", content: "return " }], suffix: ";" };
  await mistral("codestral-latest", { fetch, apiKey: "key" }).generate(gap);
  expect(urls).toEqual(["https://api.mistral.ai/v1/fim/completions"]);
  const large = mistral("mistral-large-latest", { fetch, apiKey: "key" });
  await expect(large.generate(gap)).rejects.toMatchObject({ code: "unsupported" });
});

const anyModel = fc.constantFrom("mistral-large-latest", "mistral-small-latest", "magistral-medium-latest");

/** What Mistral refuses, beyond its schema. */
function brokenRules(messages: readonly JsonObject[], model: string): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, what: string): void => void (holds || broken.push(what));
  let open: string[] = [];
  messages.forEach((message, place) => {
    const { role } = message;
    if (role === "tool") {
      rule(open.includes(message["tool_call_id"] as string), `the result ${place} answers no open call`);
      return;
    }
    const bridged = model === "mistral-small-latest" || role !== "user" || messages[place - 1]?.["role"] !== "tool";
    rule(bridged, `the user speaks right after results at ${place}`);
    open = ((message["tool_calls"] ?? []) as { id: string }[]).map(({ id }) => id);
    for (const id of open) rule(/^[a-zA-Z0-9]{9}$/.test(id), `the id ${id}`);
    if (role === "assistant") rule(Boolean(message["content"]) || open.length > 0, `the answer ${place} says nothing`);
  });
  return broken;
}

test("keeps Mistral's rules, whatever the history holds", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      expect(brokenRules(encoded(request, model).messages, model)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test.skipIf(!schemas)("writes what Mistral's schema allows (skipped where the schemas are not there)", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, (request, model) => {
      const sent = JSON.parse(JSON.stringify(encoded(request, model).body)) as Json;
      expect(schemas!.requestErrors("mistral", sent)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
