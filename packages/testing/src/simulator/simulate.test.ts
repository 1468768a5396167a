import { anthropic } from "@plugboard/anthropic";
import { bedrock } from "@plugboard/bedrock";
import { cohere } from "@plugboard/cohere";
import { ModelError, reasoningOf, textOf, toolCallsOf } from "@plugboard/core";
import type { Model } from "@plugboard/core";
import { google, vertex } from "@plugboard/google";
import { ollama } from "@plugboard/ollama";
import { azure, openai } from "@plugboard/openai";
import { openaiResponses } from "@plugboard/openai/responses";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ProviderSample } from "../provider-sample.ts";
import type { SimulateOptions } from "./answer-call.ts";
import type { Fault } from "./fault.ts";
import { replay } from "./replay.ts";
import { simulate } from "./simulate.ts";
import type { Simulator } from "./simulate.ts";

async function started(options: SimulateOptions): Promise<Simulator> {
  const simulator = await simulate(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

/** Every provider's own client, each at its own path. */
const clients: Readonly<Record<string, (url: string, id: string) => Model>> = {
  openai: (url, id) => openai(id, { baseURL: `${url}/v1`, apiKey: "key" }),
  azure: (url, id) => azure(id, { endpoint: url, apiKey: "key" }),
  "azure deployments": (url, id) => azure(id, { endpoint: url, apiKey: "key", apiVersion: "2024-10-21" }),
  anthropic: (url, id) => anthropic(id, { baseURL: url, apiKey: "key" }),
  google: (url, id) => google(id, { baseURL: `${url}/v1beta`, apiKey: "key" }),
  vertex: (url, id) => vertex(id, { baseURL: `${url}/v1`, project: "p", token: "token" }),
  "openai responses": (url, id) => openaiResponses(id, { baseURL: `${url}/v1`, apiKey: "key" }),
  cohere: (url, id) => cohere(id, { baseURL: url, apiKey: "key" }),
  bedrock: (url, id) => bedrock(id, { baseURL: url, apiKey: "key" }),
  ollama: (url, id) => ollama(id, { baseURL: url }),
};
const names = Object.keys(clients);

async function asked(simulator: Simulator, body: object, init: RequestInit = {}): Promise<Response> {
  const question = { model: "m", messages: [{ role: "user", content: "Hello there" }], ...body };
  return fetch(`${simulator.url}/v1/chat/completions`, { method: "POST", body: JSON.stringify(question), ...init });
}

test.for(names)("answers %s in its own protocol, whole and streamed", async (name) => {
  const simulator = await started({
    models: {
      m: {
        answer: {
          reasoning: "Zwölf 🥊, ",
          text: "It is warm in Köln 🥊.",
          toolCalls: [{ name: "weather", input: { city: "Köln" } }],
          usage: { input: 12, output: 34 },
        },
      },
    },
  });
  const model = clients[name]!(simulator.url, "m");
  const tools = [{ name: "weather", input: { type: "object", properties: { city: { type: "string" } } } }] as const;
  const request = { messages: [{ role: "user", content: "How is it?" }], tools } as const;
  const whole = await model.generate(request);
  const streamed = await (await model.stream(request)).result();
  for (const result of [whole, streamed]) {
    expect(textOf(result)).toBe("It is warm in Köln 🥊.");
    expect(reasoningOf(result)).toBe("Zwölf 🥊, ");
    expect(toolCallsOf(result).map(({ name, input }) => [name, input])).toStrictEqual([["weather", { city: "Köln" }]]);
    expect(result).toMatchObject({ finishReason: "tool-calls", usage: { input: 12, output: 34 } });
  }
  await simulator.idle();
  expect(simulator.requests).toMatchObject([
    { model: "m", call: 0, status: 200, outcome: "finished", usage: { input: 12, output: 34 } },
    { model: "m", call: 1, status: 200, outcome: "finished", usage: { input: 12, output: 34 } },
  ]);
});

test.for(names)("refuses %s in its own protocol", async (name) => {
  const simulator = await started({
    models: {
      m: {
        answer: "Hello",
        fault: [
          { type: "throttle", retryAfter: 2000 },
          { type: "error", code: "overloaded" },
          { type: "error", code: "context-length" },
        ],
      },
    },
  });
  const model = clients[name]!(simulator.url, "m");
  await expect(model.generate("a")).rejects.toMatchObject({ code: "rate-limit", retryAfter: 2000 });
  await expect(model.stream("b")).rejects.toMatchObject({ code: "overloaded" });
  await expect(model.generate("c")).rejects.toBeInstanceOf(ModelError);
  expect(textOf(await model.generate("d"))).toBe("Hello");
  await expect(clients[name]!(simulator.url, "unheard-of").generate("e")).rejects.toMatchObject({ code: "not-found" });
});

test.for(names)("breaks off for %s where it is told to", async (name) => {
  const faults: readonly (readonly [Fault, readonly string[], string])[] = [
    [{ type: "cut", at: "headers" }, ["network"], ""],
    [{ type: "cut", at: "first" }, ["network", "truncated"], ""],
    [{ type: "cut", at: 7 }, ["network", "truncated"], "0123456"],
    [{ type: "cut", at: "end" }, ["network", "truncated"], "0123456789"],
    [{ type: "cut", at: 7, quietly: true }, ["truncated"], "0123456"],
    [{ type: "malformed", at: 7 }, ["parse", "truncated"], "0123456"],
    [{ type: "error", code: "overloaded", at: 7 }, ["overloaded", "server", "network", "truncated"], "0123456"],
  ];
  const simulator = await started({ models: { m: { answer: "0123456789", fault: faults.map(([fault]) => fault) } } });
  const model = clients[name]!(simulator.url, "m");
  for (const [fault, codes, said] of faults) {
    const answer = model.stream("q").then((reply) => reply.result());
    const error: unknown = await answer.catch((thrown: unknown) => thrown);
    const { code, partial } = ModelError.from(error);
    expect({ fault, code, said: partial ? textOf(partial) : "" }).toStrictEqual({
      fault,
      code: expect.toBeOneOf([...codes]),
      said,
    });
  }
  await simulator.idle();
  expect(simulator.requests.map(({ outcome }) => outcome)).toStrictEqual(faults.map(() => "broken"));
});

test("breaks a body off too, and leaves half of it", async () => {
  const fault = [
    { type: "cut", at: "headers" },
    { type: "cut", at: 20 },
    { type: "cut", at: 20, quietly: true },
    { type: "malformed", at: "first" },
  ] as const;
  const simulator = await started({ models: { m: { answer: "Hello", fault } } });
  await expect(asked(simulator, {})).rejects.toThrow("fetch failed");
  await expect((await asked(simulator, {})).text()).rejects.toThrow("terminated");
  expect(await (await asked(simulator, {})).text()).toHaveLength(20);
  expect(await (await asked(simulator, {})).text()).toBe('{"oops": ');
  expect(await (await asked(simulator, {})).json()).toMatchObject({ choices: [{ message: { content: "Hello" } }] });
});

describe("a stall", () => {
  test.for(["headers", "first", 7] as const)("lasts until the client goes away: %s", async (at) => {
    const simulator = await started({ models: { m: { answer: "0123456789", fault: { type: "stall", at } } } });
    const caller = new AbortController();
    const request = { messages: [{ role: "user", content: "q" }], signal: caller.signal } as const;
    const answer = clients["openai"]!(simulator.url, "m")
      .stream(request)
      .then((reply) => reply.result());
    const usage = { input: 1, output: at === 7 ? 2 : 0 };
    const outcome = answer.catch((error: unknown) => error);
    await expect.poll(() => simulator.requests[0]?.usage).toStrictEqual(usage);
    caller.abort();
    expect(await outcome).toMatchObject({ code: "aborted" });
    await simulator.idle();
    expect([simulator.open, simulator.aborted]).toStrictEqual([0, 1]);
    expect(simulator.requests).toMatchObject([{ outcome: "aborted", usage }]);
  });

  test("can keep the connection alive without saying anything", async () => {
    const fault = { type: "stall", at: "first", keepAlive: 2 } as const;
    const simulator = await started({ models: { m: { answer: "0123456789", fault } } });
    const caller = new AbortController();
    const response = await asked(simulator, { stream: true }, { signal: caller.signal });
    let text = "";
    for await (const chunk of response.body!) {
      text += new TextDecoder().decode(chunk as Uint8Array);
      if (text.split(": keep-alive\n\n").length > 3) break;
    }
    caller.abort();
    expect(text).not.toContain("0123");
  });
});

test("ends what is under way when it is closed", async () => {
  const simulator = await simulate({ models: { m: { answer: "Hello", fault: { type: "stall", at: "headers" } } } });
  const answer = asked(simulator, {});
  await expect.poll(() => simulator.open).toBe(1);
  await Promise.all([simulator.close(), expect(answer).rejects.toThrow("fetch failed")]);
  await simulator.close();
  expect([simulator.open, simulator.sockets]).toStrictEqual([0, 0]);
});

test("answers with a status and a body as they are given", async () => {
  const simulator = await started({
    models: {
      m: {
        answer: "Hello",
        fault: [
          { type: "status", status: 503, body: "<h1>Busy</h1>", headers: { "content-type": "text/html", "x-a": "b" } },
          { type: "status", status: 418, body: { error: "teapot" } },
        ],
      },
    },
  });
  const page = await asked(simulator, {});
  expect([page.status, page.headers.get("content-type"), page.headers.get("x-a"), await page.text()]).toStrictEqual([
    503,
    "text/html",
    "b",
    "<h1>Busy</h1>",
  ]);
  const teapot = await asked(simulator, {});
  expect([teapot.status, await teapot.json()]).toStrictEqual([418, { error: "teapot" }]);
});

test("keeps its pace, by the clock that it is given, and varies it by its seed alone", async () => {
  async function waits(seed: number): Promise<number[]> {
    const waited: number[] = [];
    await using simulator = await simulate({
      seed,
      wait: (milliseconds) => {
        waited.push(milliseconds);
        return Promise.resolve();
      },
      models: {
        m: {
          answer: "one two three four",
          count: (text) => text.split(/\s+/).length,
          pace: { first: 60_000, spread: 0.5, tokensPerSecond: 0.01 },
        },
      },
    });
    await (await asked(simulator, { stream: true })).text();
    await (await asked(simulator, {})).text();
    return waited;
  }
  const waited = await waits(1);
  const again = await waits(1);
  const other = await waits(2);
  const first = waited[0]!;
  expect(first).toBeGreaterThanOrEqual(29_900);
  expect(first).toBeLessThanOrEqual(90_000);
  // Four words in five pieces take four hundred seconds; the last piece begins before they are over.
  expect(waited).toHaveLength(again.length);
  expect(waited.at(-2)! - first).toBeGreaterThan(300_000 - 1000);
  expect(waited.at(-1)!).toBeGreaterThan(400_000);
  again.forEach((wait, place) => expect(Math.abs(wait - waited[place]!)).toBeLessThan(1000));
  expect(Math.abs(other[0]! - first)).toBeGreaterThan(1000);
});

test("counts tokens, and stops at as many as were asked for", async () => {
  const simulator = await started({
    models: { m: { answer: "one two three four", count: (text) => text.split(/\s+/).filter(Boolean).length } },
  });
  const model = clients["openai"]!(simulator.url, "m");
  const whole = await model.generate("How many are there?");
  expect(whole).toMatchObject({ finishReason: "stop", usage: { input: 4, output: 4 } });
  const cut = await model.generate({ messages: [{ role: "user", content: "And now?" }], maxOutputTokens: 2 });
  expect(cut).toMatchObject({ finishReason: "length", usage: { input: 2, output: 2 } });
  expect(textOf(cut)).toBe("one two");
});

test("asks a function for the answer, with the request and seeded chance", async () => {
  const seen: unknown[] = [];
  const simulator = await started({
    models: {
      m: {
        answer: ({ messages }, { model, call, random }) => {
          seen.push([model, call, random() < 1]);
          if (call === 1) throw new ModelError("Not this.", { code: "content-filter" });
          return `You said ${JSON.stringify(messages[0]!.content)}`;
        },
      },
    },
  });
  const model = clients["ollama"]!(simulator.url, "m");
  expect(textOf(await model.generate("Hi"))).toBe('You said "Hi"');
  await expect(model.generate("Hi")).rejects.toBeInstanceOf(ModelError);
  expect(seen).toStrictEqual([
    ["m", 0, true],
    ["m", 1, true],
  ]);
});

describe("a replay", () => {
  const text = "data: zwölf\n\n: comment\n\ndata: 🥊\n\ndata: [DONE]\n\n";
  const sample: Pick<ProviderSample, "status" | "headers" | "body" | "framing"> = {
    status: 200,
    headers: { "content-type": "text/event-stream", "content-length": "3", "x-request-id": "r1" },
    body: new TextEncoder().encode(text),
    framing: "sse",
  };

  test("sends the very bytes, an event at a time", async () => {
    let waits = 0;
    const simulator = await started({
      wait: () => Promise.resolve(void waits++),
      models: { m: { answer: replay(sample), pace: { first: 60_000, tokensPerSecond: 1 } } },
    });
    const response = await asked(simulator, { stream: true });
    expect(response.headers.get("x-request-id")).toBe("r1");
    expect(await response.text()).toBe(text);
    expect(waits).toBe(4);
    expect(simulator.requests[0]!.usage).toBeUndefined();
  });

  test("is cut after so many bytes", async () => {
    const fault = { type: "cut", at: 8, quietly: true } as const;
    const simulator = await started({ models: { m: { answer: replay(sample), fault } } });
    const bytes = new Uint8Array(await (await asked(simulator, { stream: true })).arrayBuffer());
    expect(bytes).toStrictEqual(sample.body.slice(0, 8));
  });

  test("sends a recorded refusal", async () => {
    const refusal = {
      status: 429,
      headers: { "retry-after": "3" },
      body: new TextEncoder().encode("{}"),
      framing: "json",
    } as const;
    const simulator = await started({ models: { m: { answer: replay(refusal) } } });
    const response = await asked(simulator, {});
    expect([response.status, response.headers.get("retry-after"), await response.text()]).toStrictEqual([
      429,
      "3",
      "{}",
    ]);
  });
});

describe("refuses what it cannot answer", () => {
  test("with the field or the reason named", async () => {
    const simulator = await started({ models: { m: { answer: "Hello" } }, maxBodyBytes: 200, apiKey: "right" });
    const headers = { authorization: "Bearer right" };
    const wrongKey = await asked(simulator, {}, { headers: { "x-api-key": "wrong" } });
    expect(wrongKey.status).toBe(401);
    const long = await asked(simulator, { user: "x".repeat(200) }, { headers });
    expect([long.status, await long.text()]).toStrictEqual([400, expect.stringContaining("200 bytes")]);
    const notJson = await asked(simulator, {}, { headers, body: "{" });
    expect([notJson.status, await notJson.text()]).toStrictEqual([400, expect.stringContaining("JSON")]);
    const noMessages = await asked(simulator, { messages: undefined }, { headers });
    expect([noMessages.status, await noMessages.text()]).toStrictEqual([400, expect.stringContaining("messages")]);
    const elsewhere = await fetch(`${simulator.url}/v2/nothing`, { method: "POST", body: "{}" });
    expect([elsewhere.status, await elsewhere.text()]).toStrictEqual([404, expect.stringContaining("/v2/nothing")]);
    expect((await asked(simulator, {}, { headers })).status).toBe(200);
    await simulator.idle();
    expect(simulator.requests.map(({ outcome }) => outcome)).toStrictEqual([...Array(5).fill("failed"), "finished"]);
  });

  test("when there are too many calls at once", async () => {
    const fault = [{ type: "stall", at: "headers" }] as const;
    const simulator = await started({ models: { m: { answer: "Hello", fault } }, maxCalls: 1 });
    const caller = new AbortController();
    const first = asked(simulator, {}, { signal: caller.signal }).catch(() => {});
    await expect.poll(() => simulator.open).toBe(1);
    expect((await asked(simulator, {})).status).toBe(503);
    caller.abort();
    await first;
    await simulator.idle();
    expect((await asked(simulator, {})).status).toBe(200);
  });
});
