import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Gathering, ModelError } from "@plugboard/core";
import type { Json, ModelEvent, ModelResult } from "@plugboard/core";
import { openrouter } from "../compatible/openrouter.ts";
import { perplexity } from "../compatible/perplexity.ts";
import { openaiDialect } from "../openai-dialect.ts";
import { chatStreamDecoder, decodeChat } from "./decode.ts";
import type { Decoding } from "./answer-reader.ts";

/** As most servers end a stream: without `[DONE]` it is enough that they say why. */
const openai: Decoding = { dialect: { ...openaiDialect, endsWithDone: false }, model: "asked" };

/** The events of a stream of chunks; `[DONE]` where it is given. */
function events(chunks: readonly Json[], decoding: Decoding = openai): ModelEvent[] {
  const decoder = chatStreamDecoder(decoding, {});
  const out: ModelEvent[] = [];
  for (const chunk of chunks) decoder.push(chunk === "[DONE]" ? chunk : JSON.stringify(chunk), "", out);
  decoder.end(out);
  return out;
}

function answer(chunks: readonly Json[], decoding: Decoding = openai): ModelResult {
  const gathering = new Gathering();
  for (const event of events(chunks, decoding)) gathering.add(event);
  return gathering.result;
}

const delta = (said: Json, more: { readonly [name: string]: Json } = {}): Json => ({
  id: "chatcmpl-1",
  created: 7,
  model: "m-1",
  choices: [{ index: 0, delta: said, finish_reason: null, ...more }],
});
const finish = (reason: string): Json => delta({}, { finish_reason: reason });
const call = (piece: Json): Json => delta({ tool_calls: [piece] });

test("tells of a stream in order", () => {
  const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  const chunks = [
    delta({ role: "assistant", content: "" }),
    delta({ content: "Hel" }),
    delta({ content: "lo" }),
    finish("stop"),
    { choices: [], usage },
    "[DONE]",
  ];
  expect(events(chunks)).toStrictEqual([
    { type: "start", model: "m-1", id: "chatcmpl-1", created: 7000 },
    { type: "text-delta", index: 0, text: "Hel" },
    { type: "text-delta", index: 0, text: "lo" },
    { type: "part", index: 0, part: { type: "text", text: "Hello" } },
    { type: "usage", usage: { input: 3, output: 2 } },
    { type: "finish", finishReason: "stop", rawFinishReason: "stop", usage: { input: 3, output: 2 } },
  ]);
});

test("waits with the start for the name, past Azure's first chunk", () => {
  const first = { id: "", model: "", created: 0, choices: [], prompt_filter_results: [] };
  expect(events([first, delta({ content: "Hi" }), finish("stop")])[0]).toStrictEqual({
    type: "start",
    model: "m-1",
    id: "chatcmpl-1",
    created: 7000,
  });
});

test("takes a choice without delta and a message of null", () => {
  expect(answer([{ choices: [{ index: 0 }, null] }, delta({ content: "Hi" }), finish("stop")]).content).toHaveLength(1);
  const filtered = { model: "m", choices: [{ index: 0, message: null, finish_reason: "content_filter" }] };
  expect(decodeChat(filtered, openai, {})).toMatchObject({ content: [], finishReason: "content-filter" });
});

test("reads the first of several choices alone", () => {
  const second = { index: 1, delta: { content: "No" }, finish_reason: "length" };
  const both = { choices: [second, { index: 0, delta: { content: "Yes" }, finish_reason: null }] };
  expect(answer([both, { choices: [second] }, finish("stop")])).toMatchObject({
    content: [{ type: "text", text: "Yes" }],
    finishReason: "stop",
  });
});

describe("an end", () => {
  test("that never comes is none", () => {
    expect(events([delta({ content: "Hi" })]).at(-1)).toMatchObject({ type: "text-delta" });
    expect(answer([call({ index: 0, id: "a", function: { name: "f", arguments: "{}" } })]).finishReason).toBe(
      "unfinished",
    );
  });

  test("without a reason is `other`, if the server says that it is one", () => {
    expect(answer([delta({ content: "Hi" }), "[DONE]"]).finishReason).toBe("other");
    expect(events([delta({ role: "assistant", content: "" }), "[DONE]"])).toStrictEqual([]);
  });

  test("without `[DONE]` is none where a vendor always sends it", () => {
    const chunks = [delta({ content: "Hi" }), finish("stop")];
    const strict: Decoding = { ...openai, dialect: openaiDialect };
    expect(answer(chunks, strict).finishReason).toBe("unfinished");
    expect(answer([...chunks, "[DONE]"], strict).finishReason).toBe("stop");
  });

  test("counts the last usage, and never adds", () => {
    const usage = (tokens: number): Json => ({ choices: [], usage: { prompt_tokens: 5, completion_tokens: tokens } });
    expect(answer([delta({ content: "Hi" }), usage(1), usage(4), finish("stop"), usage(6)]).usage).toStrictEqual({
      input: 5,
      output: 6,
    });
  });

  test("ignores what comes after it", () => {
    expect(events([delta({ content: "Hi" }), finish("stop"), "[DONE]", delta({ content: "!" })]).at(-1)).toMatchObject({
      type: "finish",
    });
  });
});

describe("calls of tools", () => {
  const done = finish("tool_calls");
  const inputs = (chunks: readonly Json[]): unknown[] =>
    answer(chunks).content.map((part) => part.type === "tool-call" && [part.id, part.name, part.input]);

  test("are told as they grow, side by side", () => {
    const chunks = [
      call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } }),
      call({ index: 1, id: "b", type: "function", function: { name: "g" } }),
      call({ index: 0, function: { arguments: '{"x":' } }),
      call({ index: 1, function: { arguments: '{"y":2}' } }),
      call({ index: 0, function: { arguments: "1}" } }),
      done,
    ];
    expect(events(chunks).slice(1)).toStrictEqual([
      { type: "tool-call-start", index: 0, id: "a", name: "f" },
      { type: "tool-call-start", index: 1, id: "b", name: "g" },
      { type: "tool-call-delta", index: 0, text: '{"x":' },
      { type: "tool-call-delta", index: 1, text: '{"y":2}' },
      { type: "tool-call-delta", index: 0, text: "1}" },
      { type: "part", index: 0, part: { type: "tool-call", id: "a", name: "f", input: { x: 1 }, raw: '{"x":1}' } },
      { type: "part", index: 1, part: { type: "tool-call", id: "b", name: "g", input: { y: 2 }, raw: '{"y":2}' } },
      { type: "finish", finishReason: "tool-calls", rawFinishReason: "tool_calls", usage: {} },
    ]);
  });

  test.each<[string, readonly Json[], readonly (readonly unknown[])[]]>([
    ["no arguments", [call({ index: 0, id: "a", function: { name: "f", arguments: null } })], [["a", "f", {}]]],
    ["arguments of null", [call({ index: 0, id: "a", function: { name: "f", arguments: "null" } })], [["a", "f", {}]]],
    [
      "arguments parsed already",
      [call({ index: 0, id: "a", function: { name: "f", arguments: { x: 1 } } })],
      [["a", "f", { x: 1 }]],
    ],
    [
      "an empty id and name later on",
      [
        call({ index: 0, id: "a", function: { name: "f", arguments: "{" } }),
        call({ index: 0, id: "", function: { name: "", arguments: "}" } }),
      ],
      [["a", "f", {}]],
    ],
    [
      "id and name on every piece",
      [
        call({ index: 0, id: "a", function: { name: "f", arguments: "{" } }),
        call({ index: 0, id: "a", function: { name: "f", arguments: "}" } }),
      ],
      [["a", "f", {}]],
    ],
    [
      "no index, each call in one piece",
      [
        call({ id: "a", function: { name: "f", arguments: "{}" } }),
        call({ id: "b", function: { name: "f", arguments: "{}" } }),
      ],
      [
        ["a", "f", {}],
        ["b", "f", {}],
      ],
    ],
    [
      "the index 0 for every call",
      [
        call({ index: 0, id: "a", function: { name: "f", arguments: "{}" } }),
        call({ index: 0, id: "b", function: { name: "g", arguments: "{}" } }),
      ],
      [
        ["a", "f", {}],
        ["b", "g", {}],
      ],
    ],
    [
      "no ids at all",
      [
        call({ index: 0, function: { name: "f", arguments: "{}" } }),
        call({ index: 1, function: { name: "f", arguments: "{}" } }),
      ],
      [
        ["call_0_chatcmpl-1", "f", {}],
        ["call_1_chatcmpl-1", "f", {}],
      ],
    ],
    [
      "arguments before the name",
      [call({ index: 0, function: { arguments: "{}" } }), call({ index: 0, id: "a", function: { name: "f" } })],
      [["a", "f", {}]],
    ],
  ])("are read with %s", (_, chunks, expected) => {
    expect(inputs([...chunks, done])).toStrictEqual(expected);
  });

  test("that are no JSON are kept as text and marked", () => {
    expect(
      answer([call({ index: 0, id: "a", function: { name: "f", arguments: '{"x' } }), finish("length")]),
    ).toMatchObject({
      content: [{ type: "tool-call", id: "a", name: "f", input: '{"x', raw: '{"x', invalid: true }],
      finishReason: "length",
    });
  });

  test("end an answer as calls, although the server says stop", () => {
    expect(answer([call({ index: 0, id: "a", function: { name: "f" } }), finish("stop")]).finishReason).toBe(
      "tool-calls",
    );
  });

  test("of custom tools are text, and keep their kind", () => {
    expect(
      answer([call({ index: 0, id: "a", type: "custom", custom: { name: "shell", input: "ls" } }), done]).content,
    ).toStrictEqual([
      { type: "tool-call", id: "a", name: "shell", input: "ls", providerData: { openai: { type: "custom" } } },
    ]);
  });

  test("have the names that the application knows", () => {
    const decoding: Decoding = { ...openai, toolName: (wire) => (wire === "read_file" ? "read.file" : wire) };
    const chunks = [call({ index: 0, id: "a", function: { name: "read_file" } }), done];
    expect(events(chunks, decoding)).toContainEqual({ type: "tool-call-start", index: 0, id: "a", name: "read.file" });
    expect(answer(chunks, decoding).content).toMatchObject([{ name: "read.file" }]);
  });

  test("of the form of old are kept, not run", () => {
    const body = {
      choices: [
        {
          index: 0,
          message: { content: null, function_call: { name: "f", arguments: "{}" } },
          finish_reason: "function_call",
        },
      ],
    };
    expect(decodeChat(body, openai, {})).toMatchObject({
      content: [
        {
          type: "opaque",
          kind: "function_call",
          providerData: { openai: { function_call: { name: "f", arguments: "{}" } } },
        },
      ],
      finishReason: "tool-calls",
    });
  });
});

test("tells a refusal as text, and as the reason of the end", () => {
  expect(answer([delta({ refusal: "I can" }), delta({ refusal: "not." }), finish("stop")])).toMatchObject({
    content: [{ type: "text", text: "I cannot." }],
    finishReason: "refusal",
  });
});

describe("thoughts", () => {
  test.each(["reasoning_content", "reasoning"])("in `%s` are told apart from the answer", (member) => {
    expect(
      answer([delta({ [member]: "Hm" }), delta({ [member]: "." }), delta({ content: "Hi" }), finish("stop")]).content,
    ).toStrictEqual([
      { type: "reasoning", text: "Hm." },
      { type: "text", text: "Hi" },
    ]);
  });

  test("with details beside them count once, and keep the details in one piece", () => {
    const detail = (text: string, more: { readonly [name: string]: Json } = {}): Json => ({
      type: "reasoning.text",
      index: 0,
      text,
      ...more,
    });
    const chunks = [
      delta({ reasoning: "Hm", reasoning_details: [detail("Hm")] }),
      delta({ reasoning: ".", reasoning_details: [detail(".", { signature: "s" })] }),
      delta({ content: "Hi" }),
      finish("stop"),
    ];
    expect(answer([...chunks, "[DONE]"], { dialect: openrouter.dialect, model: "m" }).content[0]).toStrictEqual({
      type: "reasoning",
      text: "Hm.",
      providerData: { openrouter: { reasoning_details: [detail("Hm.", { signature: "s" })] } },
    });
  });

  test.each([
    [["<think>Hm.</think>\n\nHi <b>"]],
    [["<th", "ink>Hm", ".</thi", "nk>", "\n", "\nHi <b>"]],
    ["<think>Hm.</think>\nHi <b>".split("")],
  ])("in tags are taken out, however they are cut: %j", (pieces) => {
    const chunks = [...pieces.map((content) => delta({ content })), finish("stop")];
    expect(answer(chunks, { dialect: perplexity.dialect, model: "m" }).content).toStrictEqual([
      { type: "reasoning", text: "Hm." },
      { type: "text", text: "Hi <b>" },
    ]);
    expect(answer(chunks).content).toStrictEqual([{ type: "text", text: pieces.join("") }]);
  });

  test("in pieces of content are taken out", () => {
    const message = {
      content: [
        { type: "thinking", thinking: [{ type: "text", text: "Hm." }] },
        { type: "text", text: "Hi" },
      ],
    };
    expect(decodeChat({ choices: [{ message, finish_reason: "stop" }] }, openai, {}).content).toStrictEqual([
      { type: "reasoning", text: "Hm." },
      { type: "text", text: "Hi" },
    ]);
  });
});

test("joins annotations to the text they are about", () => {
  const annotation = {
    type: "url_citation",
    url_citation: { url: "https://a.example", title: "A", start_index: 0, end_index: 2 },
  };
  expect(
    answer([delta({ content: "Hi" }), delta({ annotations: [annotation] }), finish("stop")]).content,
  ).toStrictEqual([
    {
      type: "text",
      text: "Hi",
      citations: [{ source: { type: "source", url: "https://a.example", title: "A" }, start: 0, end: 2 }],
    },
  ]);
});

test("tells sources that are on every chunk once", () => {
  const sources = { citations: ["https://a.example"], search_results: [{ title: "A", url: "https://a.example" }] };
  const withSources = (chunk: Json): Json => ({ ...(chunk as object), ...sources });
  expect(answer([withSources(delta({ content: "Hi" })), withSources(finish("stop"))]).content).toStrictEqual([
    { type: "text", text: "Hi" },
    { type: "source", url: "https://a.example", title: "A" },
  ]);
});

test("gives audio back as a file, and its transcript as text", () => {
  const chunks = [
    delta({ audio: { id: "audio_1", transcript: "Hi" } }),
    delta({ audio: { data: "AQI=" } }),
    delta({ audio: { data: "Aw==" } }),
    delta({ audio: { expires_at: 1 } }),
    finish("stop"),
  ];
  expect(answer(chunks, { ...openai, audioType: "audio/mpeg" }).content).toStrictEqual([
    { type: "text", text: "Hi" },
    {
      type: "file",
      mediaType: "audio/mpeg",
      data: Uint8Array.of(1, 2, 3),
      providerData: { openai: { audio: { id: "audio_1" } } },
    },
  ]);
});

describe("usage", () => {
  const usageOf = (usage: Json): unknown =>
    answer([delta({ content: "Hi" }), finish("stop"), { choices: [], usage }]).usage;

  test("has its parts", () => {
    expect(
      usageOf({
        prompt_tokens: 10,
        completion_tokens: 9,
        total_tokens: 19,
        prompt_tokens_details: { cached_tokens: 4, audio_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 5, audio_tokens: 1 },
      }),
    ).toStrictEqual({ input: 10, output: 9, cachedInput: 4, reasoning: 5, inputAudio: 2, outputAudio: 1 });
  });

  test("counts reasoning in, where a server leaves it out", () => {
    expect(
      usageOf({
        prompt_tokens: 10,
        completion_tokens: 2,
        total_tokens: 20,
        completion_tokens_details: { reasoning_tokens: 8 },
      }),
    ).toStrictEqual({ input: 10, output: 10, reasoning: 8 });
  });

  test("never has a part above its total, and no count that nobody told", () => {
    expect(usageOf({ prompt_tokens: 10, prompt_tokens_details: { cached_tokens: 12 } })).toStrictEqual({
      input: 10,
      cachedInput: 10,
    });
  });

  test("is found where Groq and DeepSeek have it", () => {
    const groq = { ...(finish("stop") as object), x_groq: { usage: { prompt_tokens: 1, completion_tokens: 2 } } };
    expect(answer([delta({ content: "Hi" }), groq]).usage).toStrictEqual({ input: 1, output: 2 });
    expect(usageOf({ prompt_tokens: 3, completion_tokens: 1, prompt_cache_hit_tokens: 2 })).toStrictEqual({
      input: 3,
      output: 1,
      cachedInput: 2,
    });
  });
});

describe("an error inside a stream", () => {
  test.each<[string, Json, string, string]>([
    ["in its own object", { error: { message: "Down.", type: "server_error", code: null } }, "", "server"],
    [
      "beside an ended choice",
      { error: { code: 502, message: "Gone." }, choices: [{ index: 0, delta: {}, finish_reason: "error" }] },
      "",
      "server",
    ],
    ["as a flat object", { object: "error", message: "Bad.", type: "InternalServerError", code: 500 }, "", "server"],
    [
      "as an event of that name",
      { error: { message: "Bad.", type: "invalid_request_error", status_code: 400 } },
      "error",
      "invalid-request",
    ],
    ["as a finish reason alone", finish("error"), "", "server"],
  ])("%s is thrown, and what came before it is kept", (_, chunk, name, code) => {
    const decoder = chatStreamDecoder(openai, {});
    const out: ModelEvent[] = [];
    decoder.push(JSON.stringify(delta({ content: "Hi" })), "", out);
    let error: unknown;
    try {
      decoder.push(JSON.stringify(chunk), name, out);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code, provider: "openai", model: "asked" });
    expect(out).toHaveLength(2);
  });
});

test.each<[string, Json]>([
  ["no object", "Hello"],
  ["no choices", {}],
  ["choices of null", { choices: null }],
])("refuses a body with %s as unreadable", (_, body) => {
  let error: unknown;
  try {
    decodeChat(body, openai, {});
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: "parse", provider: "openai" });
});

describe("what servers leave out, or write otherwise", () => {
  test("is passed over: pieces that are null, of another type, or empty", () => {
    const odd = delta({
      content: [
        7,
        { type: "text", text: "Hi" },
        { type: "thinking", thinking: "no list" },
        { type: "thinking", thinking: [7] },
      ],
      reasoning_details: [7],
      annotations: [null, { type: "url_citation" }],
      images: [null, { image_url: {} }, { image_url: { url: "no url" } }],
      tool_calls: [null],
    });
    const { content, finishReason } = answer([odd, finish("stop")]);
    expect(content).toStrictEqual([{ type: "text", text: "Hi" }]);
    expect(finishReason).toBe("stop");
  });

  test("an image may be an address", () => {
    const image = { image_url: { url: "https://example.com/a.png" } };
    expect(answer([delta({ images: [image] }), finish("stop")]).content).toStrictEqual([
      { type: "file", mediaType: "image/*", data: new URL("https://example.com/a.png") },
    ]);
  });

  test("a source that stands alone is a part, and a list of addresses is one of sources", () => {
    const cited = { annotations: [{ url_citation: { url: "https://a.example", title: "A" } }] };
    expect(answer([delta(cited), finish("stop")]).content).toStrictEqual([
      { type: "source", url: "https://a.example", title: "A" },
    ]);
    const listed = { ...(delta({ content: "Hi" }) as object), citations: ["https://a.example", 7] } as Json;
    expect(answer([listed, finish("stop")]).content).toMatchObject([{ type: "text" }, { url: "https://a.example" }]);
    const found = { ...(delta({ content: "Hi" }) as object), search_results: [null, { url: "https://b.example" }] };
    expect(answer([found as Json, finish("stop")]).content).toMatchObject([{}, { url: "https://b.example" }]);
  });

  test("a call whose name never came is still one, and of several without an index each has its own", () => {
    const nameless = answer([call({ index: 0, id: "c", function: { arguments: "{}" } }), finish("tool_calls")]);
    expect(nameless.content).toMatchObject([{ type: "tool-call", id: "c", name: "", input: {} }]);
    const whole = (name: string): Json => ({ function: { name, arguments: "{}" } });
    const both = answer([call(whole("a")), call(whole("b")), finish("tool_calls")]);
    expect(both.content).toMatchObject([{ name: "a" }, { name: "b" }]);
    const unnamed = answer([{ choices: [{ delta: { tool_calls: [whole("a")] } }] }, finish("tool_calls")]);
    expect(unnamed.content).toMatchObject([{ id: "call_0" }]);
  });

  test("what Google wants back with a call is kept with it", () => {
    const extra = { google: { thought_signature: "c2ln" } };
    const piece = { index: 0, id: "c", function: { name: "look", arguments: "{}" }, extra_content: extra };
    expect(answer([call(piece), finish("tool_calls")]).content).toMatchObject([
      { providerData: { openai: { extra_content: extra } } },
    ]);
  });

  test("log probabilities are kept for whoever asked for them", () => {
    const tokens = [{ token: "Hi", logprob: -0.1 }];
    const said = delta({ content: "Hi" }, { logprobs: { content: tokens } });
    expect(answer([said, finish("stop")]).providerData).toStrictEqual({ openai: { logprobs: tokens } });
  });

  test("a beginning of a tag that ends the answer is part of it", () => {
    const tagged: Decoding = { dialect: perplexity.dialect, model: "sonar" };
    expect(answer([delta({ content: "<thi" }), finish("stop")], tagged).content).toStrictEqual([
      { type: "text", text: "<thi" },
    ]);
    expect(answer([delta({ content: "<think>Hm.</th" }), finish("length")], tagged).content).toStrictEqual([
      { type: "reasoning", text: "Hm.</th" },
    ]);
  });
});

test("an error event is an error, whether or not it says so inside", () => {
  for (const said of [
    { error: { message: "slow down", type: "rate_limit_error" } },
    { message: "slow down", type: "rate_limit_error" },
  ]) {
    const decoder = chatStreamDecoder(openai, {});
    expect(() => decoder.push(JSON.stringify(said), "error", [])).toThrow(
      expect.objectContaining({ code: "rate-limit" }),
    );
  }
});

test("an event that is JSON and no object is no chunk", () => {
  expect(() => events([[1]])).toThrow(expect.objectContaining({ code: "parse" }));
});

describe("chunks that differ in their text alone", () => {
  const said = fc.oneof(
    fc.string({ unit: "grapheme" }).map((content) => delta({ content })),
    fc.string({ unit: "grapheme" }).map((content) => delta({ role: "assistant", content, reasoning: null })),
    fc.constant(delta({ reasoning: "hm", content: "x" })),
    fc.constant(delta({ content: "x" }, { logprobs: { content: [{ token: "x" }] } })),
    fc.constant(call({ index: 0, id: "c", function: { name: "f", arguments: "{}" } })),
    fc.constant({ choices: [], usage: { prompt_tokens: 3 } }),
    fc.constant({ choices: [], model: "m-1", system_fingerprint: "fp_2" }),
    fc.string().map((content) => ({ choices: [{ delta: { content } }], system_fingerprint: "fp_1" })),
  );

  test("are read as if each were parsed", () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 12 }), (chunks) => {
        // A member that differs each time, and that nobody knows, keeps every chunk from being a twin.
        const varied = chunks.map((chunk, odd) => ({ ...(chunk as object), odd }));
        const padded = chunks.map((chunk, place) => ({ ...(chunk as object), obfuscation: "x".repeat(place) }));
        const all = events([...varied, finish("stop"), "[DONE]"]);
        expect(events([...chunks, finish("stop"), "[DONE]"])).toEqual(all);
        expect(events([...padded, finish("stop"), "[DONE]"])).toEqual(all);
      }),
    );
  });
});
