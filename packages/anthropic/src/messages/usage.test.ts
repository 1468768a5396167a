import { expect, test } from "vitest";
import { addWireUsage, usageOf, wireUsageOf } from "./usage.ts";

test("adds cache reads and writes to the input, which Anthropic leaves out", () => {
  expect(
    usageOf({ input_tokens: 3, cache_read_input_tokens: 10, cache_creation_input_tokens: 5, output_tokens: 2 }),
  ).toEqual({
    input: 18,
    output: 2,
    cachedInput: 10,
    cacheWrite5m: 5,
  });
});

test("splits what was written to the cache by how long it is kept", () => {
  const wire = {
    cache_creation_input_tokens: 5,
    cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 4 },
  };
  expect(usageOf(wire)).toEqual({ cacheWrite5m: 1, cacheWrite1h: 4 });
});

test("reads what was written to the cache where it is told by its parts alone, or in part", () => {
  expect(usageOf({ cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 4 } })).toEqual({
    cacheWrite5m: 1,
    cacheWrite1h: 4,
  });
  expect(usageOf({ input_tokens: 1, cache_creation: { ephemeral_1h_input_tokens: 4 } })).toEqual({
    input: 5,
    cacheWrite5m: 0,
    cacheWrite1h: 4,
  });
  expect(usageOf({ cache_creation: {} })).toEqual({ cacheWrite5m: 0 });
});

test("writes what it reads, with zeros where the wire wants a count", () => {
  expect(wireUsageOf({})).toEqual({ input_tokens: 0, output_tokens: 0 });
  expect(wireUsageOf({ input: 9, output: 2, cacheWrite1h: 4 })).toEqual({
    input_tokens: 5,
    output_tokens: 2,
    cache_creation_input_tokens: 4,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 4 },
  });
  expect(wireUsageOf({ input: 9, cacheWrite5m: 4 })).toMatchObject({ cache_creation_input_tokens: 4 });
});

test("leaves out what nobody told, and never makes a part more than its whole", () => {
  expect(usageOf({})).toEqual({});
  expect(usageOf({ output_tokens: 3, output_tokens_details: { thinking_tokens: 9 } })).toEqual({
    output: 3,
    reasoning: 3,
  });
  expect(usageOf({ output_tokens_details: { thinking_tokens: 9 } })).toEqual({ reasoning: 9 });
  expect(usageOf({ input_tokens: -1, output_tokens: "3" })).toEqual({});
});

test("counts what compacting the conversation took, which the top level leaves out and the bill does not", () => {
  const iterations = [
    { type: "compaction", input_tokens: 100, cache_read_input_tokens: 50, output_tokens: 80 },
    { type: "message", input_tokens: 20, output_tokens: 8 },
  ];
  expect(usageOf({ input_tokens: 20, output_tokens: 8, iterations })).toEqual({
    input: 170,
    output: 88,
    cachedInput: 50,
  });
});

test("counts the requests of Anthropic's own tools by the tool's name", () => {
  expect(usageOf({ server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 } })).toEqual({
    serverTools: { web_search: 2 },
  });
});

test("takes the later value of what is told twice, and null tells nothing", () => {
  const known = {};
  addWireUsage(known, { input_tokens: 5, output_tokens: 1, cache_read_input_tokens: 7 });
  addWireUsage(known, { input_tokens: 6, output_tokens: 9, cache_read_input_tokens: null });
  expect(usageOf(known)).toEqual({ input: 13, output: 9, cachedInput: 7 });
});

test("what compacting took does not stand for a total that nobody told", () => {
  const iterations = [{ type: "compaction", input_tokens: 181, output_tokens: 9 }];
  expect(usageOf({ cache_read_input_tokens: 55_096, iterations })).toStrictEqual({ cachedInput: 55_096 });
  expect(usageOf({ input_tokens: 5, output_tokens: 2, iterations })).toMatchObject({ input: 186, output: 11 });

  const halfTold = [{ type: "compaction", cache_read_input_tokens: 55_096 }];
  expect(usageOf({ input_tokens: 181, iterations: halfTold })).toStrictEqual({ input: 181, cachedInput: 181 });
});
