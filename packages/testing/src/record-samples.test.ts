import { expect, test } from "vitest";
import { openai } from "@plugboard/openai";
import { recordSamples } from "./record-samples.ts";

const call = { model: "gpt-4o", messages: [{ role: "user" as const, content: "Hello" }] };
const said = (content: string, finish: string): string =>
  `data: {"model":"gpt-4o","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":${finish}}]}\n\n`;
const stream = `${said("Hel", "null")}${said("lo", '"stop"')}data: [DONE]\n\n`;

function answering(body: string, headers: Record<string, string>, status = 200): typeof globalThis.fetch {
  return async () => new Response(body, { status, headers });
}

test("records a stream as it came, and lets the adapter read it", async () => {
  const headers = {
    "content-type": "text/event-stream",
    "x-request-id": "r1",
    "x-ratelimit-remaining-requests": "9",
    "openai-organization": "acme-inc",
    "set-cookie": "session=1",
  };
  const recorder = recordSamples({ call, name: "stream-hello", fetch: answering(stream, headers) });
  const reply = await openai("gpt-4o", { fetch: recorder.fetch, apiKey: "hunter2hunter2" }).stream("Hello");
  expect(await reply.result()).toMatchObject({ content: [{ text: "Hello" }] });
  const drafts = await recorder.drafts();
  expect(drafts).toStrictEqual([
    {
      name: "stream-hello",
      call,
      mode: "stream",
      status: 200,
      headers: { "content-type": "text/event-stream", "x-request-id": "r1", "x-ratelimit-remaining-requests": "9" },
      body: new TextEncoder().encode(stream),
      framing: "sse",
      expected: {},
      exercises: [],
    },
  ]);
});

test("takes out the key that was sent, and whatever looks like one", async () => {
  const other = `sk-${"a1b2".repeat(6)}`;
  const body = JSON.stringify({ error: { message: `Bad key hunter2hunter2, not ${other}.` } });
  const fetch = answering(body, { "content-type": "application/json" }, 401);
  const recorder = recordSamples({ call, name: "auth", fetch });
  const model = openai("gpt-4o", { fetch: recorder.fetch, apiKey: "hunter2hunter2" });
  await expect(model.generate("Hello")).rejects.toMatchObject({ code: "auth" });
  await expect(model.generate("Hello")).rejects.toMatchObject({ code: "auth" });
  const drafts = await recorder.drafts();
  expect(drafts).toMatchObject([{ name: "auth", mode: "generate", framing: "json", status: 401 }, { name: "auth-2" }]);
  expect(new TextDecoder().decode(drafts[0]!.body)).toBe('{"error":{"message":"Bad key [redacted], not [redacted]."}}');
});

test("makes no sample of frames from which a key cannot be taken, nor of what never came", async () => {
  const framed = recordSamples({
    call,
    name: "frames",
    fetch: answering("\u0000\u0001hunter2hunter2", { "content-type": "application/vnd.amazon.eventstream" }),
  });
  await framed.fetch("https://a.example/b?api_key=hunter2hunter2");
  await expect(framed.drafts()).rejects.toMatchObject({ code: "invalid-request" });
  const broken = recordSamples({
    call,
    name: "broken",
    fetch: async () => {
      throw new TypeError("fetch failed");
    },
  });
  await expect(broken.fetch("https://a.example/b")).rejects.toThrow("fetch failed");
  expect(await broken.drafts()).toStrictEqual([]);
});
