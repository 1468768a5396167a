import type { JsonObject, ModelRequest } from "@plugboard/core";
import { expect, test, vi } from "vitest";
import { defineProviderModel } from "./define-provider-model.ts";
import type { PreparedExchange } from "./define-provider-model.ts";

const url = "https://api.acme.example/chat";
const authorize = vi.fn<() => Promise<Record<string, string>>>(async () => ({ authorization: "Bearer the-key" }));
const fetch = vi.fn<typeof globalThis.fetch>(async () => Response.json({ text: "hi" }));

function prepare(request: ModelRequest): PreparedExchange {
  const body: JsonObject = { ask: request.messages.length, streamed: request.stream === true };
  return {
    url,
    headers: { "x-version": "7" },
    authorize,
    body,
    options: { fetch, headers: { "x-team": "birds", "x-api-key": "another" } },
    warnings: [{ code: "dropped", path: "seed", message: "It has no seed." }],
    whole: (_body, { warnings = [] }) => ({
      model: "polly",
      content: [{ type: "text", text: "hi" }],
      finishReason: "stop",
      usage: {},
      warnings,
    }),
  };
}

const model = defineProviderModel({ provider: "acme", id: "polly", fingerprint: "acme:polly", prepare });

test("a plan is what would be sent and what was adapted, without a key and without sending", async () => {
  const plan = await model.plan({ messages: [{ role: "user", content: "hello" }], headers: { "x-trace": "1" } });
  expect(plan).toEqual({
    method: "POST",
    url,
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "x-version": "7",
      "x-team": "birds",
      "x-trace": "1",
    },
    body: { ask: 1, streamed: false },
    warnings: [{ code: "dropped", path: "seed", message: "It has no seed." }],
  });
  expect(authorize).not.toHaveBeenCalled();
  expect(fetch).not.toHaveBeenCalled();
});

test("a bare text can be planned, and what no provider can answer is refused as a call would", async () => {
  await expect(model.plan("hello")).resolves.toMatchObject({ body: { ask: 1 } });
  await expect(model.plan({ messages: [] })).rejects.toMatchObject({ code: "invalid-request" });
});

test("a call sends what was planned, with the key", async () => {
  await model.generate("hello");
  expect(authorize).toHaveBeenCalledTimes(1);
  const [, sent] = fetch.mock.calls[0]!;
  expect(sent?.body).toBe('{"ask":1,"streamed":false}');
  expect(new Headers(sent?.headers).get("authorization")).toBe("Bearer the-key");
});

test("a part that is left out together with its data is told of once", async () => {
  const part = "messages[1].content[0]";
  const warnings = [
    { code: "dropped", path: `${part}.providerData`, message: "Data of another." },
    { code: "adapted", path: part, message: "Its form." },
    { code: "dropped", path: part, message: "The part." },
    { code: "dropped", path: "messages[1].content[1]", message: "Data of another." },
    { code: "dropped", path: "tools[0]", message: "One reason." },
    { code: "dropped", path: "tools[0]", message: "Another reason." },
  ];
  const parts = { provider: "acme", id: "polly", fingerprint: "acme:polly" };
  const losing = defineProviderModel({ ...parts, prepare: (request) => ({ ...prepare(request), warnings }) });
  const told = warnings.slice(1);
  expect((await losing.plan("hello")).warnings).toStrictEqual(told);
  expect((await losing.generate("hello")).warnings).toStrictEqual(told);
});
