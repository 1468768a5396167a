import type { AssistantPart, Json, ModelErrorCode, ModelEvent, ModelResult } from "@plugboard/core";
import { Gathering, ModelError, eventsOf } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import { failureInBand, failureOf } from "@plugboard/wire";
import type { ServedRequest } from "@plugboard/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyModel, anyRequest } from "../../test/arbitrary-request.ts";
import { anyResult } from "../../test/arbitrary-result.ts";
import { decodeMessage, messageDecoder } from "./decode.ts";
import { anthropicDialect as dialect } from "./dialect.ts";
import { encodeRequest } from "./encode.ts";
import { failures } from "./failures.ts";
import { messagesProtocol } from "./serve.ts";

const schemas = await validator();
const folders = ["anthropic-messages", "anthropic-messages-2023-06-01"] as const;
const protocol = messagesProtocol({ newId: () => "msg_new" });
const asked: ServedRequest = { model: "claude-sonnet-4-6", request: { messages: [] } };
const context = { provider: "anthropic", model: "claude-sonnet-4-6", toolName: (name: string): string => name };

/** What a client receives: names and data of the events. */
function framesOf(text: string): { name: string; data: string }[] {
  return text
    .split("\n\n")
    .filter((frame) => frame !== "")
    .map((frame) => {
      const [first = "", second = ""] = frame.split("\n");
      return { name: first.replace(/^event: /, ""), data: second.replace(/^data: /, "") };
    });
}

/** Asked with tools of the client's own. */
function calling(...names: readonly string[]): ServedRequest {
  const tools = names.map((name) => ({ name, input: { type: "object" } }));
  return { ...asked, request: { ...asked.request, tools } };
}

function streamOf(events: readonly ModelEvent[], by: ServedRequest = asked): string {
  const writer = protocol.writer(by);
  return events.map((event) => writer.write(event)).join("");
}

function decoded(text: string): ModelResult {
  const decoder = messageDecoder({}, context);
  const out: ModelEvent[] = [];
  for (const { name, data } of framesOf(text)) decoder.push(data, name, out);
  decoder.end(out);
  const gathering = new Gathering();
  for (const event of out) gathering.add(event);
  return gathering.result;
}

/** `raw` is how arguments were written: a body has them parsed alone, a stream written alone. */
function withRaw(
  result: ModelResult,
  raw: (part: AssistantPart & { type: "tool-call" }) => string | undefined,
): ModelResult {
  const content = result.content.map((part) => {
    if (part.type !== "tool-call" || part.executed || part.invalid) return part;
    const { raw: _, ...call } = part;
    const written = raw(part);
    return written === undefined ? call : { ...call, raw: written };
  });
  return { ...result, content };
}

describe("answers", () => {
  test("in one body lose nothing that the protocol can hold", () => {
    fc.assert(
      fc.property(anyResult, (result) => {
        const body = JSON.parse(JSON.stringify(protocol.writeResult(result, asked))) as Json;
        expect(decodeMessage(body, {}, context)).toEqual(withRaw(result, () => undefined));
      }),
    );
  });

  test("in a stream lose nothing that the protocol can hold", () => {
    fc.assert(
      fc.property(anyResult, (result) => {
        const read = decoded(streamOf(eventsOf(result)));
        const written = ({ input }: { input: Json }): string | undefined => {
          const raw = JSON.stringify(input);
          return raw === "{}" ? undefined : raw;
        };
        expect(read).toEqual(withRaw(result, written));
        // The calls as they come: the same, but for how nothing is written.
        const names = result.content.flatMap((part) => (part.type === "tool-call" && !part.executed ? part.name : []));
        const live = decoded(streamOf(eventsOf(result), calling(...names)));
        expect(withRaw(live, () => undefined)).toEqual(withRaw(result, () => undefined));
      }),
    );
  });

  test.skipIf(!schemas)("fit the schemas of both API versions (skipped where they are not there)", () => {
    fc.assert(
      fc.property(anyResult, fc.constantFrom(...folders), (result, folder) => {
        expect(
          schemas!.responseErrors(folder, JSON.parse(JSON.stringify(protocol.writeResult(result, asked)))),
        ).toEqual([]);
        const names = result.content.flatMap((part) => (part.type === "tool-call" && !part.executed ? part.name : []));
        const streams = [streamOf(eventsOf(result)), streamOf(eventsOf(result), calling(...names))];
        for (const { name, data } of streams.flatMap(framesOf)) {
          const event = JSON.parse(data) as { type: string };
          expect(event.type).toBe(name);
          expect(schemas!.eventErrors(folder, event)).toEqual([]);
        }
      }),
    );
  });

  test("stream text in the deltas in which it comes, each block closed before the end", () => {
    const text = streamOf([
      { type: "start", model: "m", id: "msg_1" },
      { type: "reasoning-delta", index: 0, text: "Hm" },
      {
        type: "part",
        index: 0,
        part: { type: "reasoning", text: "Hm", providerData: { anthropic: { signature: "s" } } },
      },
      { type: "text-delta", index: 1, text: "a" },
      { type: "text-delta", index: 1, text: "b" },
      { type: "part", index: 1, part: { type: "text", text: "ab" } },
      { type: "finish", finishReason: "stop", usage: { input: 1, output: 2 } },
    ]);
    const events = framesOf(text).map(
      ({ data }) => JSON.parse(data) as { type: string; index?: number; delta?: { type?: string } },
    );
    expect(
      events.map(({ type, index, delta }) => [type, index, delta?.type].filter((word) => word !== undefined).join(" ")),
    ).toEqual([
      "message_start",
      "content_block_start 0",
      "content_block_delta 0 thinking_delta",
      "content_block_delta 0 signature_delta",
      "content_block_stop 0",
      "content_block_start 1",
      "content_block_delta 1 text_delta",
      "content_block_delta 1 text_delta",
      "content_block_stop 1",
      "message_delta",
      "message_stop",
    ]);
  });

  test("stream the arguments of a call of the client's own tool as they come, and hold back what begins before that is whole", () => {
    const writer = protocol.writer(calling("look"));
    const call = { type: "tool-call", name: "look", input: { a: 1 }, raw: '{"a":1}' } as const;
    const written = (
      [
        { type: "start", model: "m", id: "msg_1" },
        { type: "tool-call-start", index: 0, id: "c0", name: "look" },
        { type: "tool-call-delta", index: 0, text: '{"a"' },
        { type: "tool-call-start", index: 1, id: "c1", name: "look" },
        { type: "tool-call-delta", index: 1, text: '{"a":1}' },
        { type: "tool-call-delta", index: 0, text: ":1}" },
        { type: "tool-call-start", index: 2, id: "c2", name: "theirs" },
        { type: "part", index: 0, part: { ...call, id: "c0" } },
        { type: "part", index: 1, part: { ...call, id: "c1" } },
        { type: "finish", finishReason: "tool-calls", usage: {} },
      ] as const
    ).map((event) => framesOf(writer.write(event)).map(({ data }) => JSON.parse(data) as Json));
    expect(written[1]).toMatchObject([{ content_block: { id: "c0" } }, { delta: { partial_json: "" } }]);
    expect(written[2]).toMatchObject([{ index: 0, delta: { type: "input_json_delta", partial_json: '{"a"' } }]);
    expect([written[3], written[4], written[6]]).toEqual([[], [], []]);
    expect(written[5]).toMatchObject([{ index: 0, delta: { partial_json: ":1}" } }]);
    expect(written[7]).toMatchObject([{ type: "content_block_stop", index: 0 }]);
    expect(written[8]).toMatchObject([
      { index: 1, content_block: { id: "c1" } },
      { delta: { partial_json: "" } },
      { delta: { partial_json: '{"a":1}' } },
      { type: "content_block_stop" },
    ]);
  });

  test("keep from the client what a layer ran: it is not the client's to run", () => {
    const call = { type: "tool-call", id: "c", name: "search", input: {}, executed: true } as const;
    const result: ModelResult = {
      model: "m",
      content: [
        call,
        { type: "tool-result", id: "c", name: "search", output: "x", executed: true },
        { type: "text", text: "Found." },
      ],
      finishReason: "stop",
      usage: {},
      warnings: [],
    };
    const body = protocol.writeResult(result, asked) as { content: unknown };
    expect(body.content).toEqual([{ type: "text", text: "Found." }]);
    expect(streamOf(eventsOf(result))).not.toContain("search");
  });

  test("get a random id where nobody makes one, and text that nobody streamed is streamed with its part", () => {
    const writer = messagesProtocol().writer(asked);
    const written = [
      { type: "start", model: "m" } as const,
      { type: "part", index: 0, part: { type: "text", text: "Hi" } } as const,
      { type: "part", index: 1, part: { type: "text", text: "" } } as const,
      {
        type: "part",
        index: 2,
        part: { type: "tool-call", id: "c", name: "f", input: "no {", invalid: true },
      } as const,
      {
        type: "finish",
        finishReason: "stop",
        usage: {},
        providerData: { anthropic: { context_management: { applied_edits: [] } } },
      } as const,
    ].map((event) => writer.write(event));
    expect(written[0]).toMatch(/"id":"msg_[0-9a-f]{32}"/);
    expect(written[1]).toContain('{"type":"text_delta","text":"Hi"}');
    expect(written[2]).not.toContain("text_delta");
    expect(written[3]).toContain('"partial_json":"no {"');
    expect(written[4]).toContain('"context_management":{"applied_edits":[]}');
  });

  test("get an id and the name that was asked for where the model gave none", () => {
    const result: ModelResult = { model: "", content: [], finishReason: "stop", usage: {}, warnings: [] };
    expect(protocol.writeResult(result, asked)).toMatchObject({ id: "msg_new", model: "claude-sonnet-4-6" });
  });
});

describe("requests", () => {
  test("that we write are read back to ones that are written the same way", () => {
    fc.assert(
      fc.property(anyRequest, anyModel, fc.constantFrom("2023-06-01", "2026-10-21"), (request, model, version) => {
        const first = JSON.parse(JSON.stringify(encodeRequest(request, { model, dialect, version }).body)) as Json;
        const read = protocol.readRequest(first);
        const second = encodeRequest(read.request, { model: read.model, dialect, version });
        expect(JSON.parse(JSON.stringify(second.body))).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });

  const message = { role: "user", content: "Hello" };
  const cases: readonly (readonly [field: string, body: Json])[] = [
    ["body", []],
    ["model", { max_tokens: 1, messages: [message] }],
    ["max_tokens", { model: "m", messages: [message] }],
    ["max_tokens", { model: "m", max_tokens: 0, messages: [message] }],
    ["messages", { model: "m", max_tokens: 1 }],
    ["messages.0.role", { model: "m", max_tokens: 1, messages: [{ role: "tool", content: "x" }] }],
    ["messages.0.content", { model: "m", max_tokens: 1, messages: [{ role: "user" }] }],
    ["messages.0.content.0", { model: "m", max_tokens: 1, messages: [{ role: "user", content: ["x"] }] }],
    [
      "messages.0.content.0.text",
      { model: "m", max_tokens: 1, messages: [{ role: "user", content: [{ type: "text" }] }] },
    ],
    [
      "messages.0.content.0.source",
      { model: "m", max_tokens: 1, messages: [{ role: "user", content: [{ type: "image" }] }] },
    ],
    [
      "messages.0.content.0.source.data",
      {
        model: "m",
        max_tokens: 1,
        messages: [
          {
            role: "user",
            content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: "%" } }],
          },
        ],
      },
    ],
    [
      "messages.0.content.0.input",
      {
        model: "m",
        max_tokens: 1,
        messages: [{ role: "assistant", content: [{ type: "tool_use", id: "a", name: "b" }] }],
      },
    ],
    [
      "messages.0.content.0.tool_use_id",
      { model: "m", max_tokens: 1, messages: [{ role: "user", content: [{ type: "tool_result" }] }] },
    ],
    ["system", { model: "m", max_tokens: 1, messages: [message], system: 1 }],
    ["temperature", { model: "m", max_tokens: 1, messages: [message], temperature: 2 }],
    ["stream", { model: "m", max_tokens: 1, messages: [message], stream: "yes" }],
    ["stop_sequences.0", { model: "m", max_tokens: 1, messages: [message], stop_sequences: [1] }],
    ["tools.0.name", { model: "m", max_tokens: 1, messages: [message], tools: [{ input_schema: { type: "object" } }] }],
    ["tools.0.input_schema", { model: "m", max_tokens: 1, messages: [message], tools: [{ name: "a" }] }],
    ["tool_choice.type", { model: "m", max_tokens: 1, messages: [message], tool_choice: { type: "some" } }],
    ["thinking.budget_tokens", { model: "m", max_tokens: 1, messages: [message], thinking: { type: "enabled" } }],
    ["output_config.effort", { model: "m", max_tokens: 1, messages: [message], output_config: { effort: "huge" } }],
    [
      "output_config.format.schema",
      { model: "m", max_tokens: 1, messages: [message], output_config: { format: { type: "json_schema" } } },
    ],
  ];
  const inUser = (block: Json): Json => ({ model: "m", max_tokens: 1, messages: [{ role: "user", content: [block] }] });
  const source = (source: Json): Json => inUser({ type: "document", source });
  const asking = (more: Record<string, Json>): Json => ({ model: "m", max_tokens: 1, messages: [message], ...more });
  const moreCases: readonly (readonly [field: string, body: Json])[] = [
    ["messages.0", { model: "m", max_tokens: 1, messages: ["Hello"] }],
    ["messages.0.content.0.source.media_type", source({ type: "base64", data: "AQ==" })],
    ["messages.0.content.0.source.data", source({ type: "base64", media_type: "application/pdf" })],
    ["messages.0.content.0.source.data", source({ type: "text" })],
    ["messages.0.content.0.source.url", source({ type: "url", url: "nowhere" })],
    ["messages.0.content.0.source.url", source({ type: "url" })],
    [
      "messages.0.content.0.name",
      {
        model: "m",
        max_tokens: 1,
        messages: [{ role: "assistant", content: [{ type: "tool_use", id: "a", input: {} }] }],
      },
    ],
    ["tools.0", asking({ tools: ["a"] })],
    ["tool_choice.name", asking({ tool_choice: { type: "tool" } })],
    ["tool_choice.type", asking({ tool_choice: "auto" })],
    ["thinking.type", asking({ thinking: {} })],
    ["output_config.format.type", asking({ output_config: { format: { type: "xml" } } })],
  ];
  test.each([...cases, ...moreCases])("that are wrong name the field: %s", (field, body) => {
    const read = (): unknown => protocol.readRequest(body);
    expect(read).toThrow(ModelError);
    expect(read).toThrow(
      expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${field}\` must be`) }),
    );
  });

  test("keep what the contract has no word for", () => {
    const body = {
      model: "m",
      max_tokens: 5,
      messages: [message],
      metadata: { user_id: "u" },
      tools: [{ name: "a", input_schema: { type: "object" } }],
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
      output_config: { effort: "low" },
    };
    const { request } = protocol.readRequest(body);
    expect(request.providerOptions).toEqual({
      anthropic: { metadata: { user_id: "u" }, tool_choice: body.tool_choice, output_config: { effort: "low" } },
    });
    expect(request).toMatchObject({ toolChoice: "auto", maxOutputTokens: 5 });
  });

  test("are streamed or not, think and answer as they say, and lose nothing that our words cannot hold", () => {
    const read = (more: Record<string, Json>): unknown => {
      const { stream, reasoning, providerOptions } = protocol.readRequest(asking(more)).request;
      return { stream, reasoning, own: providerOptions?.["anthropic"] };
    };
    expect(read({ stream: true, metadata: null })).toEqual({ stream: true });
    expect(read({ stream: false, output_config: { effort: "high" } })).toEqual({
      own: { output_config: { effort: "high" } },
    });
    expect(read({ thinking: { type: "disabled" }, output_config: { effort: "low" } })).toEqual({
      reasoning: "none",
      own: { output_config: { effort: "low" } },
    });
    expect(read({ thinking: { type: "enabled", budget_tokens: 2000 }, output_config: { effort: "low" } })).toEqual({
      reasoning: { budgetTokens: 2000 },
      own: { output_config: { effort: "low" } },
    });
    expect(read({ thinking: { type: "adaptive" } })).toEqual({ reasoning: "high" });
    expect(read({ thinking: { type: "adaptive", display: "omitted" }, output_config: { effort: "xhigh" } })).toEqual({
      reasoning: "max",
      own: { thinking: { type: "adaptive", display: "omitted" }, output_config: { effort: "xhigh" } },
    });
    expect(read({ thinking: { type: "between_tools" } })).toEqual({
      reasoning: "high",
      own: { thinking: { type: "between_tools" } },
    });
  });

  test("give files of every kind, results of every form, and blocks that our words cannot hold", () => {
    const held = { type: "document", source: { type: "file", file_id: "f" } };
    const { messages } = protocol.readRequest({
      model: "m",
      max_tokens: 1,
      messages: [
        {
          role: "user",
          content: [
            { type: "document", title: "a.txt", source: { type: "text", media_type: "text/plain", data: "A" } },
            held,
            { type: "younger", note: "kept" },
          ],
        },
        { role: "assistant", content: [{ type: "tool_use", id: "a", name: "look", input: {} }] },
        {
          role: "user",
          content: [
            { type: "younger" },
            { type: "tool_result", tool_use_id: "a", content: [{ type: "text", text: "A" }, held, { type: "search" }] },
            { type: "tool_result", tool_use_id: "stray", content: null },
          ],
        },
      ],
    }).request;
    // What a user's message has no place for is among results, where Anthropic's own blocks may stand.
    const parts = messages.slice(0, 2).map(({ content }) => content);
    expect(parts.flat()).toEqual([
      { type: "file", mediaType: "text/plain", filename: "a.txt", data: new TextEncoder().encode("A") },
      { type: "opaque", kind: "document", providerData: { anthropic: { source: held.source } } },
      { type: "opaque", kind: "younger", providerData: { anthropic: { note: "kept" } } },
    ]);
    const results = messages.flatMap((each) => (each.role === "tool" ? each.content : []));
    expect(results.filter(({ type }) => type === "tool-result")).toEqual([
      {
        type: "tool-result",
        id: "a",
        name: "look",
        output: [
          { type: "text", text: "A" },
          { type: "json", value: held },
          { type: "json", value: { type: "search" } },
        ],
      },
      { type: "tool-result", id: "stray", name: "unknown", output: "" },
    ]);
  });

  test("mark the tools that Anthropic runs, as they do others", () => {
    const cache_control = { type: "ephemeral" };
    const tools = [{ type: "web_search_20260318", name: "web_search", max_uses: 2, cache_control }];
    expect(protocol.readRequest(asking({ tools })).request.tools).toEqual([
      {
        type: "provider",
        id: "anthropic.web_search_20260318",
        name: "web_search",
        options: { max_uses: 2 },
        providerData: { anthropic: { cacheControl: cache_control } },
      },
    ]);
  });

  test("tell a result the name of its tool", () => {
    const { request } = protocol.readRequest({
      model: "m",
      max_tokens: 5,
      messages: [
        message,
        { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "weather", input: {} }] },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "c1", content: "Sun" },
            { type: "text", text: "And?" },
          ],
        },
      ],
    });
    expect(request.messages.slice(2)).toEqual([
      { role: "tool", content: [{ type: "tool-result", id: "c1", name: "weather", output: "Sun" }] },
      { role: "user", content: [{ type: "text", text: "And?" }] },
    ]);
  });
});

describe("errors", () => {
  const codes = [
    ...([
      "rate-limit",
      "overloaded",
      "server",
      "timeout",
      "auth",
      "permission",
      "not-found",
      "invalid-request",
    ] as const),
    ...(["context-length", "content-filter", "quota"] as const),
  ];
  test.each(codes)("of the code %s are understood by our own adapter, as a response and in a stream", (code) => {
    const { status, headers, body } = protocol.writeError(new ModelError("Something.", { code, retryAfter: 1500 }));
    const told = failureOf({ status, headers, body: JSON.stringify(body), provider: "anthropic", rules: failures });
    expect(told).toMatchObject({ code, retryAfter: 1500 });

    const [frame] = framesOf(protocol.writer(asked).fail(new ModelError("Something.", { code }))!);
    expect(frame?.name).toBe("error");
    const inBand = failureInBand(JSON.parse(frame!.data) as Json, { provider: "anthropic", rules: failures });
    expect(inBand.code).toBe(code);
  });

  const kinds: readonly (readonly [ModelErrorCode, ModelErrorCode])[] = [
    ["circuit-open", "overloaded"],
    ["truncated", "server"],
    ["unsupported", "invalid-request"],
    ["budget", "quota"],
  ];
  test.each(kinds)("of the code %s, which clients have no word for, are told as %s", (code, told) => {
    const { status, headers, body } = protocol.writeError(new ModelError("Something.", { code }));
    const error = failureOf({ status, headers, body: JSON.stringify(body), provider: "anthropic", rules: failures });
    expect(error.code).toBe(told);
  });

  test.skipIf(!schemas)("fit the schema (skipped where it is not there)", () => {
    for (const code of codes) {
      const { body } = protocol.writeError(new ModelError("Something.", { code, requestId: "req_1" }));
      expect(schemas!.errorErrors("anthropic-messages", body)).toEqual([]);
    }
  });
});
