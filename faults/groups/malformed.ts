import type { Json, Usage } from "@plugboard/core";
import type { Fault, Mode, Observation } from "../fault.ts";
import { finished, sse, wholeStream } from "../protocols/protocol.ts";
import { head, send, end, stream, whole } from "../upstream/step.ts";
import { begun, good, restAfterHello, saidHello } from "./answers.ts";

const both: readonly Mode[] = ["stream", "generate"];
const portal = "<!doctype html><html><body><h1>Sign in to the airport's network</h1></body></html>";

/** Answers that are not what their protocol says: a typed error, or what sense there is in them. */
export const malformed: readonly Fault[] = [
  {
    id: "malformed/web-page",
    why: "A 200 with a web page, as networks send that want one to sign in.",
    modes: both,
    upstream: () => [whole(portal, { headers: { "content-type": "text/html" } })],
    holds: { error: { code: "parse", message: /web page/ } },
  },
  {
    id: "malformed/plain-text",
    why: "A 200 with a text in place of JSON.",
    modes: both,
    upstream: () => [whole("upstream connect error", { headers: { "content-type": "text/plain" } })],
    holds: { error: { code: "parse" } },
  },
  ...(["null", "[]", "42", '"Hello"', "{}"] as const).map((body): Fault => ({
    id: `malformed/body-${{ null: "null", "[]": "list", "42": "number", '"Hello"': "text", "{}": "empty-object" }[body]}`,
    why: `A 200 with ${body}: JSON, and no answer.`,
    modes: ["generate"],
    upstream: () => [whole(body)],
    holds: { error: { code: "parse" } },
  })),
  {
    id: "malformed/wrong-types",
    why: "Members of another type than theirs.",
    modes: ["generate"],
    upstream: () => [whole('{"choices":{},"output":"no","content":7,"candidates":"none","id":[],"usage":"much"}')],
    holds: { error: { code: "parse" } },
  },
  {
    id: "malformed/event-not-json",
    why: "An event that is no JSON, before any content.",
    upstream: ({ protocol }) => [stream(protocol.preamble, sse("{oops"), protocol.text(good))],
    holds: { error: { code: "parse" } },
  },
  {
    id: "malformed/event-not-json-mid-text",
    why: "And after some: it is not passed over, since it may have been text.",
    upstream: ({ protocol }) => [[...saidHello(protocol), send(sse("{oops")), send(restAfterHello(protocol)), end]],
    holds: { error: { code: "parse", partial: "Hello" } },
  },
  {
    id: "malformed/event-no-object",
    why: "An event that is a number.",
    upstream: ({ protocol }) => [stream(protocol.preamble, sse("42"), protocol.text(good))],
    holds: { error: { code: "parse" } },
  },
  {
    id: "malformed/error-as-200",
    why: "An error with status 200 in place of the answer.",
    modes: ["generate"],
    upstream: ({ protocol }) => [
      whole(protocol.failure({ status: 429, type: "rate_limit_error", message: "Slow down." })),
    ],
    holds: { error: { code: "rate-limit", message: /Slow down/ } },
  },
  {
    id: "malformed/error-json-for-stream",
    why: "The same where a stream was asked for: plain JSON, by its content type.",
    upstream: ({ protocol }) => [
      whole(protocol.failure({ status: 429, type: "rate_limit_error", message: "Slow down." })),
    ],
    holds: { error: { code: "rate-limit", message: /Slow down/ } },
  },
  {
    id: "malformed/error-json-as-stream",
    why: "The same with the content type of a stream.",
    upstream: ({ protocol }) => [
      whole(protocol.failure({ status: 429, type: "rate_limit_error", message: "Slow down." }), {
        headers: { "content-type": "text/event-stream" },
      }),
    ],
    holds: { error: { code: "rate-limit", message: /Slow down/ } },
  },
  {
    id: "malformed/status-in-stream-type",
    why: "An error with a status keeps the content type of a stream (Gemini's 404).",
    upstream: ({ protocol }) => [
      whole(protocol.failure({ status: 404, type: "NOT_FOUND", message: "No such model." }), {
        status: 404,
        headers: { "content-type": "text/event-stream" },
      }),
    ],
    holds: { error: { code: "not-found", status: 404, message: /No such model/ } },
  },
  {
    id: "malformed/error-page",
    why: "An error of the edge is a web page: its text is the message, its tags are not.",
    modes: both,
    upstream: () => [
      whole("<html><head><style>b{}</style></head><body><b>Bad gateway</b> at the edge</body></html>", {
        status: 502,
        headers: { "content-type": "text/html" },
      }),
    ],
    holds: { error: { code: "server", status: 502, message: /^Bad gateway at the edge$/ } },
  },
  {
    id: "malformed/error-empty",
    why: "An error without a word.",
    modes: both,
    upstream: () => [whole("", { status: 500 })],
    holds: { error: { code: "server", status: 500, message: /500/ } },
  },
  {
    id: "malformed/error-string",
    why: "An error that is a text where an object was due (vLLM, xAI).",
    modes: both,
    upstream: () => [whole('{"error":"Unauthorized"}', { status: 401 })],
    holds: { error: { code: "auth", status: 401, message: /Unauthorized/ } },
  },
  {
    id: "malformed/error-half-json",
    why: "An error that is half of a JSON.",
    modes: both,
    upstream: () => [whole('{"error":{"message":"It bro', { status: 500 })],
    holds: { error: { code: "server", status: 500 } },
  },
  {
    id: "malformed/strange-status",
    why: "A status that no table has.",
    modes: both,
    upstream: () => [whole("{}", { status: 599 })],
    holds: { error: { code: "server", status: 599 } },
  },
  {
    id: "malformed/whole-for-stream",
    why: "A server that does not stream answers in one piece: that is an answer, too.",
    upstream: ({ protocol }) => [whole(protocol.whole({ text: good }))],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/stream-as-text",
    why: "A stream with another content type.",
    upstream: ({ protocol }) => [
      [head({ headers: { "content-type": "text/plain" } }), send(wholeStream(protocol, { text: good })), end],
    ],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/stream-without-type",
    why: "A stream with none.",
    upstream: ({ protocol }) => [[head({ headers: {} }), send(wholeStream(protocol, { text: good })), end]],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/blank-lines-first",
    why: "Blank lines before a body (DeepSeek, OpenRouter).",
    modes: ["generate"],
    upstream: ({ protocol }) => [whole(`\n\n  \n${protocol.whole({ text: good })}`)],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/byte-order-mark",
    why: "A mark of the byte order before a body.",
    modes: ["generate"],
    upstream: ({ protocol }) => [whole(`\uFEFF${protocol.whole({ text: good })}`)],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/broken-utf8",
    why: "Bytes that are no UTF-8 become the sign for that; the rest is not lost.",
    upstream: ({ protocol }) => {
      const text = Buffer.from(wholeStream(protocol, { text: "He@lo" }));
      return [[head(), send(text.map((byte) => (byte === 0x40 ? 0xff : byte))), end]];
    },
    holds: { text: "He\uFFFDlo", finish: "stop" },
  },
  {
    id: "malformed/lone-surrogate",
    why: "Half of a pair, as an escape.",
    upstream: ({ protocol }) => [stream(wholeStream(protocol, { text: "He\uD83Dlo" }))],
    holds: { text: "He\uD83Dlo", finish: "stop" },
  },
  {
    id: "malformed/null-character",
    why: "The character zero in a text.",
    upstream: ({ protocol }) => [stream(wholeStream(protocol, { text: "He\u0000lo" }))],
    holds: { text: "He\u0000lo", finish: "stop" },
  },
  {
    id: "malformed/unknown-event",
    why: "A type of event that is younger than the adapter.",
    upstream: ({ protocol }) => [
      [
        ...begun(protocol),
        send(protocol.unknown + protocol.text("Hello") + protocol.unknown),
        send(restAfterHello(protocol)),
        end,
      ],
    ],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/empty-object",
    why: "An event without a member.",
    upstream: ({ protocol }) => [
      [...begun(protocol), send(sse("{}") + protocol.text("Hello") + sse("{}")), send(restAfterHello(protocol)), end],
    ],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/nulls",
    why: "Null for every member that is known.",
    upstream: ({ protocol }) => {
      const nulls = sse(
        '{"choices":null,"delta":null,"candidates":null,"usage":null,"usageMetadata":null,"item":null,"response":null,"message":null,"content_block":null,"type":null}',
      );
      return [[...begun(protocol), send(nulls + protocol.text("Hello") + nulls), send(restAfterHello(protocol)), end]];
    },
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/numbers-for-text",
    why: "Numbers where text was due: left out, and no end of the process.",
    upstream: ({ protocol }) => [
      [
        ...begun(protocol),
        send(protocol.text("@@").replaceAll('"@@"', "42") + protocol.text("Hello")),
        send(restAfterHello(protocol)),
        end,
      ],
    ],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/said-after-the-end",
    why: "Text after the last event is not part of the answer.",
    protocols: ["chat-completions", "responses", "messages"],
    upstream: ({ protocol }) => [
      [...saidHello(protocol), send(restAfterHello(protocol) + protocol.text(" and more")), end],
    ],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/error-after-the-end",
    why: "Nor is an error: the answer is whole.",
    protocols: ["chat-completions", "responses", "messages"],
    upstream: ({ protocol }) => [
      [
        ...saidHello(protocol),
        send(restAfterHello(protocol) + protocol.error({ status: 500, type: "api_error", message: "Too late." })),
        end,
      ],
    ],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/two-endings",
    why: "An ending that is said twice is one.",
    upstream: ({ protocol }) => [
      [...saidHello(protocol), send(restAfterHello(protocol) + finished(protocol, { text: good })), end],
    ],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "malformed/two-preambles",
    why: "A beginning that is said twice (proxies that reconnect).",
    upstream: ({ protocol }) => [
      [...begun(protocol), send(protocol.preamble), send(protocol.text("Hello")), send(restAfterHello(protocol)), end],
    ],
    holds: { text: good, finish: "stop" },
  },
  ...junkUsage(),
  {
    id: "malformed/prototype-in-answer",
    why: "A member named __proto__ changes no prototype.",
    modes: both,
    upstream: ({ protocol, mode }) => {
      return mode === "stream"
        ? [
            stream(
              ...wholeStream(protocol, { text: good })
                .split(/(?<=\n\n)/)
                .map(poisoned),
            ),
          ]
        : [whole(poisoned(protocol.whole({ text: good })))];
    },
    holds: { text: good, finish: "stop", also: notPolluted },
  },
];

/** Counts that are no counts: told as unknown, or left as they are where they could be, but never negative and never NaN. */
function junkUsage(): Fault[] {
  const junk: Readonly<Record<string, string>> = {
    negative: "-7",
    text: '"seven"',
    endless: "1e400",
    null: "null",
    object: "{}",
  };
  return Object.entries(junk).map(([name, count]) => ({
    id: `malformed/usage-${name}`,
    why: `A count of tokens that is ${count}: it must not credit a budget.`,
    modes: both,
    upstream: ({ protocol, mode }) => {
      const text = mode === "stream" ? wholeStream(protocol, { text: good }) : protocol.whole({ text: good });
      return [mode === "stream" ? stream(spoiled(text, count)) : whole(spoiled(text, count))];
    },
    holds: { text: good, finish: "stop", also: ({ result }) => soundUsage(result?.usage) },
  }));
}

function soundUsage(usage: Usage | undefined): string | undefined {
  const counts = Object.entries(usage ?? {}) as [string, Json][];
  const bad = counts.filter(([, count]) => typeof count === "number" && !(count >= 0 && Number.isFinite(count)));
  const strange = counts.filter(([, count]) => typeof count === "string");
  return bad.length + strange.length === 0 ? undefined : `the usage is ${JSON.stringify(usage)}`;
}

function notPolluted(_: Observation): string | undefined {
  return "polluted" in {} ? "a prototype was changed" : undefined;
}

/** With a member named __proto__ in every object. */
function poisoned(text: string): string {
  return text.replaceAll('{"', '{"__proto__":{"polluted":true},"');
}

/** With another value for every count of tokens. */
function spoiled(text: string, count: string): string {
  const counts = /"((?:prompt|completion|input|output|total)_tokens|(?:prompt|candidates|total)TokenCount)":\d+/g;
  return text.replaceAll(counts, `"$1":${count}`);
}
