import type { Phase } from "@plugboard/core";
import type { Fault } from "../fault.ts";
import { accept, hang, head, pause, pour, raw, send } from "../upstream/step.ts";
import { finished } from "../protocols/protocol.ts";
import { begun, good, restAfterHello, saidHello } from "./answers.ts";

/** The clock under test runs out after so many milliseconds; the others take longer than the whole fault. */
const short = 250;

function late(phase: Phase, partial: string | RegExp = ""): Pick<Fault, "call" | "holds"> {
  return {
    call: { options: { clocks: { [phase]: short } } },
    holds: { error: { code: "timeout", phase, partial }, after: short },
  };
}

/** Connections that stay open and say nothing that brings an answer forward. */
export const hangs: readonly Fault[] = [
  {
    id: "hang/tls-handshake",
    why: "The connection is accepted and no handshake comes: the connect clock, since nothing was sent yet.",
    upstream: () => [[accept, hang]],
    call: { secure: true, options: { clocks: { connect: short, headers: 2 * short } } },
    // fetch does not show when it is connected, so that is part of the headers clock.
    holds: ({ transport }) => ({
      error: { code: "timeout", phase: transport === "fetch" ? "headers" : "connect" },
      after: short,
      requests: 0,
      closes: transport !== "fetch", // nor does it let go before its own ten seconds are over
    }),
  },
  {
    id: "hang/no-headers",
    why: "The request is read, and nothing comes.",
    upstream: () => [[hang]],
    ...late("headers"),
  },
  {
    id: "hang/slow-headers",
    why: "Headers that come a byte at a time for ever are no headers.",
    upstream: () => [[raw(`HTTP/1.1 200 OK\r\nx-slow: ${"s".repeat(5000)}`, { piece: 1, every: 15 })]],
    ...late("headers"),
  },
  {
    id: "hang/after-headers",
    why: "Headers, and then nothing: the clock for the first content.",
    upstream: () => [[head(), hang]],
    ...late("first"),
  },
  {
    id: "hang/after-preamble",
    why: "The answer is announced and does not come.",
    upstream: ({ protocol }) => [[...begun(protocol), hang]],
    ...late("first"),
  },
  {
    id: "hang/keep-alives-before-content",
    why: "Comments show that a proxy lives, not that a model works.",
    upstream: () => [[head(), pour(": keep-alive\n\n", { every: 20 })]],
    ...late("first"),
  },
  {
    id: "hang/idling-before-content",
    why: "Nor do events that say nothing: pings, empty deltas, counts.",
    upstream: ({ protocol }) => [[...begun(protocol), pour(protocol.idling, { every: 20 })]],
    ...late("first"),
  },
  {
    id: "hang/empty-text-before-content",
    why: "Nor does text without a character.",
    upstream: ({ protocol }) => [[...begun(protocol), pour(protocol.text(""), { every: 20 })]],
    ...late("first"),
  },
  {
    id: "hang/after-first-token",
    why: "Silence in the middle of an answer: what was said is kept.",
    upstream: ({ protocol }) => [[...saidHello(protocol), hang]],
    ...late("idle", "Hello"),
  },
  {
    id: "hang/keep-alives-after-content",
    why: "A stalled model behind a proxy that keeps the connection warm.",
    upstream: ({ protocol }) => [[...saidHello(protocol), pour(": keep-alive\n\n", { every: 20 })]],
    ...late("idle", "Hello"),
  },
  {
    id: "hang/idling-after-content",
    why: "The same with events of the protocol.",
    upstream: ({ protocol }) => [[...saidHello(protocol), pour(protocol.idling, { every: 20 })]],
    ...late("idle", "Hello"),
  },
  {
    id: "hang/mid-event",
    why: "Half of an event, and then nothing.",
    upstream: ({ protocol }) => [[...saidHello(protocol), send(protocol.text(" world").slice(0, 30)), hang]],
    ...late("idle", "Hello"),
  },
  {
    id: "hang/before-done",
    why: "All is said but the last word.",
    upstream: ({ protocol }) => [[...saidHello(protocol), hang]],
    ...late("idle", "Hello"),
  },
  {
    id: "hang/after-done",
    why: "The last event came and the connection stays open: the answer is finished, and nobody waits.",
    protocols: ["chat-completions", "responses", "messages"],
    upstream: ({ protocol }) => [[...saidHello(protocol), send(restAfterHello(protocol)), hang]],
    holds: { text: good, finish: "stop", within: 800 },
  },
  {
    id: "hang/after-finish-reason",
    why: "Where only the end of the body ends a stream, one that does not come is a timeout, and the text is kept.",
    protocols: ["generate-content"],
    upstream: ({ protocol }) => [
      [...begun(protocol), send(protocol.text("Hello") + finished(protocol, { text: "Hello" })), hang],
    ],
    ...late("idle", "Hello"),
  },
  {
    id: "hang/trickle",
    why: "Content that never ends is bounded by the total clock.",
    upstream: ({ protocol }) => [[...begun(protocol), pour(protocol.text("."), { every: 20 })]],
    // How much came by then is the machine's affair.
    ...late("total", /^\.+$/),
  },
  {
    id: "hang/no-body",
    why: "An answer in one piece of which nothing comes: its headers come with it, so it has the total clock alone.",
    modes: ["generate"],
    upstream: () => [[hang]],
    ...late("total"),
  },
  {
    id: "hang/half-a-body",
    why: "Half of it comes.",
    modes: ["generate"],
    upstream: ({ protocol }) => [
      [
        head({ headers: { "content-type": "application/json" } }),
        send(protocol.whole({ text: good }).slice(0, 50)),
        hang,
      ],
    ],
    ...late("total"),
  },
  {
    id: "hang/blank-lines",
    why: "Blank lines keep a connection alive for ever (DeepSeek, OpenRouter): they are no progress.",
    modes: ["generate"],
    upstream: () => [[head({ headers: { "content-type": "application/json" } }), pour("\n", { every: 20 })]],
    ...late("total"),
  },
  {
    id: "hang/error-body",
    why: "The status of an error is known; what it wanted to say is not waited for longer than a moment.",
    modes: ["stream", "generate"],
    upstream: () => [[head({ status: 503, headers: { "content-type": "application/json" } }), send('{"error":'), hang]],
    holds: { error: { code: "overloaded", status: 503 }, within: 7000 },
  },
  {
    id: "hang/deadline",
    why: "The caller's deadline holds in every phase.",
    modes: ["stream", "generate"],
    upstream: () => [[hang]],
    call: { deadline: short },
    holds: { error: { code: "timeout", phase: "total" }, after: short - 10 },
  },
  {
    id: "hang/deadline-mid-text",
    why: "And in the middle of an answer.",
    upstream: ({ protocol }) => [[...saidHello(protocol), hang]],
    call: { deadline: short },
    holds: { error: { code: "timeout", phase: "total", partial: "Hello" }, after: short - 10 },
  },
  {
    id: "hang/signal-timeout",
    why: "AbortSignal.timeout is a timeout, and not a caller who changed his mind.",
    upstream: () => [[hang]],
    call: {
      async act({ model, request }) {
        return (await model.stream({ ...request, signal: AbortSignal.timeout(short) })).result();
      },
    },
    holds: { error: { code: "timeout", phase: "total" }, after: short - 10 },
  },
  {
    id: "hang/slow-reader",
    why: "A reader who is slow is not a provider that is silent.",
    upstream: ({ protocol }) => [[...saidHello(protocol), pause(20), send(restAfterHello(protocol)), { do: "end" }]],
    call: { options: { clocks: { idle: short } }, slow: 2 * short },
    holds: { text: good, finish: "stop", within: 4000 },
  },
];
