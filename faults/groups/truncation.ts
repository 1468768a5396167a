import { gzipSync } from "node:zlib";
import type { Fault } from "../fault.ts";
import { wholeStream } from "../protocols/protocol.ts";
import { close, end, head, reset, send, stream, whole } from "../upstream/step.ts";
import { begun, good, saidHello } from "./answers.ts";

const cut = { error: { code: "truncated" } } as const;
const cutWhileRead = { error: { code: "truncated", to: "reader" } } as const;
const cutAfterHello = { error: { code: "truncated", partial: "Hello" } } as const;
const brokenAfterHello = { error: { code: "network", partial: "Hello" } } as const;
const call = { id: "call_1", name: "weather", pieces: ['{"city":', '"Bern"}'] };

/** Answers that end before they are finished: never a success, and what was said is kept. */
export const truncation: readonly Fault[] = [
  {
    id: "truncation/empty-stream",
    why: "A 200 with an empty body is no empty answer.",
    upstream: () => [stream()],
    holds: cut,
  },
  {
    id: "truncation/comments-only",
    why: "Nor is one with comments alone.",
    upstream: () => [stream(": OPENROUTER PROCESSING\n\n")],
    holds: cut,
  },
  {
    id: "truncation/after-preamble",
    why: "The orderly end of a body that has said nothing: it can be asked again.",
    upstream: ({ protocol }) => [[...begun(protocol), end]],
    holds: cut,
  },
  {
    id: "truncation/after-first-token",
    why: "An orderly end of HTTP in the middle of the answer: the usual sign of a process that was killed.",
    upstream: ({ protocol }) => [[...saidHello(protocol), end]],
    holds: cutAfterHello,
  },
  {
    id: "truncation/before-finish",
    why: "All of the text is there, but not the word that it is all.",
    upstream: ({ protocol }) => [
      [...begun(protocol), send(protocol.text("Hello")), send(protocol.text(" world")), end],
    ],
    holds: { error: { code: "truncated", partial: good } },
  },
  {
    id: "truncation/before-done",
    why: "The reason of the ending is there, but not the event that ends the stream, which carries what is still owed.",
    protocols: ["chat-completions", "responses"],
    upstream: ({ protocol }) => [stream(protocol.preamble, protocol.text(good), protocol.ending({ text: good }))],
    holds: { error: { code: "truncated", partial: good } },
  },
  {
    id: "truncation/done-is-implied",
    why: "Where the reason of the ending is all that is owed, the end of the body ends the answer.",
    protocols: ["messages", "generate-content"],
    upstream: ({ protocol }) => [stream(protocol.preamble, protocol.text(good), protocol.ending({ text: good }))],
    holds: { text: good, finish: "stop" },
  },
  {
    id: "truncation/mid-event",
    why: "The body ends in the middle of an event: that is an answer cut, not one that is not JSON.",
    upstream: ({ protocol }) => [[...saidHello(protocol), send(protocol.text(" world").slice(0, -9)), end]],
    holds: cutAfterHello,
  },
  {
    id: "truncation/mid-first-event",
    why: "The same before anything was said.",
    upstream: ({ protocol }) => [stream(protocol.text("Hello").slice(0, 40))],
    holds: cut,
  },
  {
    id: "truncation/mid-field-name",
    why: "The body ends in the middle of the word data.",
    upstream: ({ protocol }) => [[...saidHello(protocol), send("da"), end]],
    holds: cutAfterHello,
  },
  {
    id: "truncation/mid-character",
    why: "The body ends within a character of several bytes.",
    upstream: ({ protocol }) => {
      const bytes = Buffer.from(protocol.text("né"));
      return [[...saidHello(protocol), send(bytes.subarray(0, bytes.indexOf(0xc3) + 1)), end]];
    },
    holds: cutAfterHello,
  },
  {
    id: "truncation/reset-mid-text",
    why: "The connection is reset in the middle of the answer.",
    upstream: ({ protocol }) => [[...saidHello(protocol), { do: "pause", delay: 20 }, reset]],
    holds: brokenAfterHello,
  },
  {
    id: "truncation/closed-mid-text",
    why: "FIN without the last chunk: HTTP itself says that the body is not whole.",
    upstream: ({ protocol }) => [[...saidHello(protocol), close]],
    holds: brokenAfterHello,
  },
  {
    id: "truncation/closed-before-content",
    why: "The same before anything was said: it can be asked again.",
    upstream: ({ protocol }) => [[...begun(protocol), close]],
    holds: { error: { code: "network" } },
  },
  {
    id: "truncation/without-length",
    why: "A body that only the end of the connection ends: HTTP cannot tell that it was cut, the protocol can.",
    upstream: ({ protocol }) => [[head({ body: "close" }), send(protocol.preamble + protocol.text("Hello")), close]],
    holds: cutAfterHello,
  },
  {
    id: "truncation/mid-reasoning",
    why: "Cut while the model thinks: the thoughts are kept, and are no answer.",
    upstream: ({ protocol }) => [stream(protocol.preamble, protocol.reasoning("Let me think"))],
    call: { reader: "result" },
    holds: {
      ...cutWhileRead,
      also: ({ error }) =>
        JSON.stringify((error as { partial?: unknown }).partial)?.includes("Let me think")
          ? undefined
          : "the thoughts are lost",
    },
  },
  {
    id: "truncation/mid-call",
    why: "Cut in the middle of a call's arguments: a call cut short is never one to run.",
    upstream: ({ protocol }) => [stream(protocol.preamble, protocol.callBegun(call))],
    call: { reader: "result" },
    holds: { ...cutWhileRead, also: ({ error }) => callIn(error) },
  },
  {
    id: "truncation/after-call",
    why: "The arguments are complete JSON, but the answer is not: that it looks whole is no reason to run it.",
    upstream: ({ protocol }) => [stream(protocol.preamble, protocol.call(call))],
    call: { reader: "result" },
    holds: cutWhileRead,
  },
  {
    id: "truncation/usage-is-kept",
    why: "What was counted before the cut was billed, and stands in the partial.",
    protocols: ["messages", "generate-content"],
    upstream: ({ protocol }) => [[...saidHello(protocol), end]],
    holds: {
      ...cutAfterHello,
      also: ({ error }) =>
        (error as { partial?: { usage: { input?: number } } }).partial?.usage.input === 12
          ? undefined
          : "the usage is lost",
    },
  },
  {
    id: "truncation/body-shorter-than-length",
    why: "A body in one piece that breaks off before its length.",
    modes: ["generate"],
    upstream: ({ protocol }) => {
      const body = protocol.whole({ text: good });
      return [
        [
          head({ headers: { "content-type": "application/json" }, body: { length: body.length } }),
          send(body.slice(0, 60)),
          close,
        ],
      ];
    },
    holds: { error: { code: "network" } },
  },
  {
    id: "truncation/half-a-body",
    why: "Half of the JSON with a length that says it is all.",
    modes: ["generate"],
    upstream: ({ protocol }) => [whole(protocol.whole({ text: good }).slice(0, 80))],
    holds: { error: { code: "parse", status: 200 } },
  },
  {
    id: "truncation/empty-body",
    why: "A 200 without a body, where one was due.",
    modes: ["generate"],
    upstream: () => [whole("")],
    holds: { error: { code: "parse", status: 200 } },
  },
  {
    id: "truncation/packed-stream-cut",
    why: "A compressed stream that ends before its checksum.",
    upstream: ({ protocol }) => {
      const packed = gzipSync(wholeStream(protocol, { text: good }));
      const headers = { "content-type": "text/event-stream", "content-encoding": "gzip" };
      return [[head({ headers }), send(packed.subarray(0, packed.length - 60)), end]];
    },
    call: { reader: "result" },
    // How much of it can be unpacked is the packer's affair; the fetch of Node does not look for the checksum.
    holds: ({ transport }) => ({
      error: {
        code: transport === "fetch" ? "truncated" : "network",
        partial: /^(Hello world)?$/,
        to: "either",
      },
    }),
  },
  {
    id: "truncation/length-limit",
    why: "The model's own limit is an ending, and is told as one.",
    modes: ["stream", "generate"],
    upstream: ({ protocol, mode }) => {
      const answer = { text: "Hello", ending: "length" } as const;
      return [mode === "stream" ? stream(wholeStream(protocol, answer)) : whole(protocol.whole(answer))];
    },
    holds: { text: "Hello", finish: "length" },
  },
];

function callIn(error: unknown): string | undefined {
  const { partial } = error as { partial?: { content: readonly { type: string }[] } };
  return partial?.content.some(({ type }) => type === "tool-call") ? "half a call stands in the partial" : undefined;
}
