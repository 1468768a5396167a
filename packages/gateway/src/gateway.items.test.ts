import type { Json } from "@plugboard/core";
import { openai } from "@plugboard/openai";
import { simulate } from "@plugboard/testing";
import { expect, test } from "vitest";
import type { GatewayOptions } from "./gateway-options.ts";
import { gateway } from "./gateway.ts";
import { newKey } from "./keys/new-key.ts";

type Item = { readonly id: string; readonly type: string };

/** A gateway with two keys, whose provider gives every answer the same id. */
async function openDoor(options: Partial<GatewayOptions> = {}) {
  const simulator = await simulate({
    models: { "gpt-4o": { answer: (_, { call }) => `Answer ${call}.` } },
  });
  const [ours, others] = [newKey(), newKey()];
  const door = gateway({
    models: { fast: openai("gpt-4o", { baseURL: `${simulator.url}/v1`, apiKey: "any" }) },
    keys: [
      { name: "ours", hash: ours.hash },
      { name: "others", hash: others.hash },
    ],
    ...options,
  });

  async function ask(body: Record<string, Json>, key: string = ours.key, path = "/v1/responses"): Promise<Response> {
    return door.fetch(
      new Request(`http://gateway${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "fast", ...body }),
      }),
    );
  }
  /** The first item of an answer, whole or streamed. */
  async function itemOf(body: Record<string, Json>): Promise<Item> {
    const text = await (await ask(body)).text();
    if (body["stream"] !== true) return (JSON.parse(text) as { readonly output: readonly Item[] }).output[0]!;
    const last = text.trim().split("\n").at(-1)!.slice("data: ".length);
    return (JSON.parse(last) as { readonly response: { readonly output: readonly Item[] } }).response.output[0]!;
  }
  const reference = ({ id }: Item): Json => [
    { role: "user", content: "Hello" },
    { type: "item_reference", id },
    { role: "user", content: "And now?" },
  ];
  return {
    ask,
    itemOf,
    reference,
    others: others.key,
    requests: simulator.requests,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

test.each([false, true])(
  "an item of an answer can be referred to, and is what it was (streamed: %s)",
  async (stream) => {
    await using door = await openDoor();
    const item = await door.itemOf({ input: "Hello", stream });
    expect((await door.ask({ input: door.reference(item) })).status).toBe(200);
    expect(door.requests[1]?.request?.messages).toEqual([
      { role: "user", content: "Hello" },
      { role: "assistant", content: "Answer 0." },
      { role: "user", content: "And now?" },
    ]);
    const counted = await door.ask({ input: door.reference(item) }, undefined, "/v1/responses/input_tokens");
    expect(counted.status).toBe(200);
  },
);

test("one key's items are nothing to another, and none is kept where the client or the operator says so", async () => {
  await using door = await openDoor();
  const item = await door.itemOf({ input: "Hello" });
  const unkept = await door.itemOf({ input: "Hello", store: false });
  const foreign = await door.ask({ input: door.reference(item) }, door.others);
  const none = await door.ask({ input: door.reference({ ...item, id: "msg_none" }) });
  expect([foreign.status, none.status]).toEqual([400, 400]);
  expect((await foreign.text()).replaceAll(item.id, "msg_none")).toBe(await none.text());
  expect((await door.ask({ input: door.reference(unkept) })).status).toBe(400);
  await using closed = await openDoor({ itemBytes: 0 });
  const lost = await closed.ask({ input: closed.reference(await closed.itemOf({ input: "Hello" })) });
  expect(lost.status).toBe(400);
  expect(await lost.text()).toContain("store: false");
});
