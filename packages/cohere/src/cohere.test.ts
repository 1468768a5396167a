import type { Message, Model } from "@plugboard/core";
import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { expect, onTestFinished, test, vi } from "vitest";
import { samples } from "../test/samples.ts";
import type { CohereOptions } from "./account.ts";
import { cohere } from "./cohere.ts";

const schemas = await validator();

testProvider(
  "cohere",
  ({ fetch, model }) => cohere(model, { fetch, apiKey: "a-key" }),
  [...samples, ...recordedSamples("cohere"), ...recordedFaults("cohere")],
  { ...(schemas && { requestErrors: (body) => schemas.requestErrors("cohere", body) }) },
);

/** A model whose requests are kept, and answered with one body. */
function listening(
  options: CohereOptions,
  content: unknown = {},
): { model: Model; sent: [string, Headers, unknown][] } {
  const sent: [string, Headers, unknown][] = [];
  const fetch: typeof globalThis.fetch = (url, init) => {
    sent.push([url as string, new Headers(init?.headers), JSON.parse(init?.body as string)]);
    return Promise.resolve(Response.json({ id: "c1", message: { role: "assistant", ...(content as object) } }));
  };
  return { model: cohere("command-a-03-2025", { fetch, ...options }), sent };
}

test("a call goes to the chat of version 2 with the key, wherever it is", async () => {
  vi.stubEnv("COHERE_API_KEY", "");
  vi.stubEnv("CO_API_KEY", "from-the-second");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { model, sent } = listening({});
  await model.generate("Hello");
  expect(sent[0]![0]).toBe("https://api.cohere.com/v2/chat");
  expect(sent[0]![1].get("authorization")).toBe("Bearer from-the-second");

  const elsewhere = listening({ apiKey: "a-key", baseURL: "https://proxy.example/cohere/" });
  await elsewhere.model.generate("Hello");
  expect(elsewhere.sent[0]![0]).toBe("https://proxy.example/cohere/v2/chat");
  expect(elsewhere.model.fingerprint).not.toBe(model.fingerprint);
});

test("without a key nothing is sent, and the variables are named", async () => {
  vi.stubEnv("COHERE_API_KEY", "");
  vi.stubEnv("CO_API_KEY", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { model, sent } = listening({});
  await expect(model.generate("Hello")).rejects.toMatchObject({
    code: "auth",
    message: expect.stringContaining("COHERE_API_KEY or CO_API_KEY"),
  });
  expect(sent).toEqual([]);
});

test("an answer put into the next request goes back as it came, under the wire's names", async () => {
  const message = {
    tool_plan: "I will look.",
    tool_calls: [{ id: "t1", type: "function", function: { name: "time_of_day", arguments: '{ "zone": "CET" }' } }],
  };
  const { model, sent } = listening({ apiKey: "a-key" }, message);
  const tools = [{ name: "time-of-day", input: { type: "object" } }];
  const messages: Message[] = [{ role: "user", content: "What time is it?" }];
  const { content } = await model.generate({ messages, tools });
  expect(content).toMatchObject([{ kind: "tool_plan" }, { name: "time-of-day", input: { zone: "CET" } }]);

  const result = { type: "tool-result", id: "t1", name: "time-of-day", output: "Noon." } as const;
  messages.push({ role: "assistant", content }, { role: "tool", content: [result] });
  await model.generate({ messages, tools });
  expect(sent[1]![2]).toMatchObject({
    messages: [{}, { role: "assistant", ...message }, { role: "tool", tool_call_id: "t1", content: "Noon." }],
  });
});
