import { gzipSync } from "node:zlib";
import type { Fault, Observation } from "../fault.ts";
import { hang, head, pour, send, stream, whole } from "../upstream/step.ts";
import { sse } from "../protocols/protocol.ts";
import { begun, good, refused, saidHello } from "./answers.ts";

const kibibyte = 1024;
const json = { "content-type": "application/json" };
/** More than all buffers between two sockets of one machine hold. */
const mostBuffered = 24 * kibibyte * kibibyte;
const filler = "f".repeat(8 * kibibyte);
const tooLarge = { code: "parse", message: /too large/ } as const;

/** Answers without measure: they are bounded, by whatever the fault makes grow. */
export const bounds: readonly Fault[] = [
  {
    id: "bounds/endless-body",
    why: "An answer in one piece that never ends.",
    modes: ["generate"],
    upstream: () => [[head({ headers: json }), send('{"text":"'), pour(filler)]],
    call: { options: { bounds: { body: 256 * kibibyte } } },
    holds: { error: tooLarge, also: (seen) => littleTaken(seen) },
  },
  {
    id: "bounds/large-body",
    why: "One that says how large it is, and is.",
    modes: ["generate"],
    upstream: () => [whole(JSON.stringify({ text: "f".repeat(600 * kibibyte) }))],
    call: { options: { bounds: { body: 256 * kibibyte } } },
    holds: { error: tooLarge },
  },
  {
    id: "bounds/packed-body",
    why: "16 kB that unpack to 16 MB: what counts is what was unpacked.",
    modes: ["generate"],
    upstream: () => [
      whole(gzipSync(Buffer.alloc(16 * kibibyte * kibibyte, 0x20)), { headers: { "content-encoding": "gzip" } }),
    ],
    call: { options: { bounds: { body: 256 * kibibyte } } },
    holds: { error: tooLarge, within: 3000 },
  },
  {
    id: "bounds/packed-stream",
    why: "The same in an event stream.",
    upstream: () => {
      const headers = { "content-type": "text/event-stream", "content-encoding": "gzip" };
      const packed = gzipSync(`data: ${"f".repeat(8 * kibibyte * kibibyte)}`);
      return [[head({ headers }), send(packed), hang]];
    },
    call: { options: { bounds: { event: 256 * kibibyte } } },
    holds: { error: tooLarge, within: 3000 },
  },
  {
    id: "bounds/endless-line",
    why: "A line of a stream that never ends.",
    upstream: () => [[head(), send("data: "), pour(filler)]],
    call: { options: { bounds: { event: 256 * kibibyte } } },
    holds: { error: tooLarge, also: (seen) => littleTaken(seen) },
  },
  {
    id: "bounds/endless-event",
    why: "An event of ever more lines.",
    upstream: () => [[head(), pour(`data: ${filler}\n`)]],
    call: { options: { bounds: { event: 256 * kibibyte } } },
    holds: { error: tooLarge, also: (seen) => littleTaken(seen) },
  },
  {
    id: "bounds/large-event-mid-text",
    why: "The same after the answer has begun: what was said is kept.",
    upstream: ({ protocol }) => [[...saidHello(protocol), send("data: "), pour(filler)]],
    call: { options: { bounds: { event: 256 * kibibyte } } },
    holds: { error: { ...tooLarge, partial: "Hello" } },
  },
  {
    id: "bounds/endless-comments",
    why: "Comments without end: they are not kept, and bring nothing forward.",
    upstream: () => [[head(), pour(`: ${"c".repeat(200)}\n`, { every: 1 })]],
    call: { options: { clocks: { first: 200 } } },
    holds: { error: { code: "timeout", phase: "first" }, after: 200 },
  },
  {
    id: "bounds/endless-name",
    why: "An event whose name never ends.",
    upstream: () => [[head(), send("event: "), pour(filler)]],
    call: { options: { bounds: { event: 256 * kibibyte } } },
    holds: { error: tooLarge },
  },
  {
    id: "bounds/endless-error",
    why: "An error that goes on for ever: its status is what counts, and its message is short.",
    modes: ["stream", "generate"],
    upstream: () => [[head({ status: 500, headers: { "content-type": "text/plain" } }), pour(filler)]],
    holds: { error: { code: "server", status: 500 }, also: (seen) => littleTaken(seen) ?? shortMessage(seen) },
  },
  {
    id: "bounds/long-message",
    why: "A provider's sentence of 30 kB is cut.",
    modes: ["stream", "generate"],
    upstream: (at) => [refused(at, 400, { message: `Wrong: ${"very ".repeat(6000)}` })],
    holds: { error: { code: "invalid-request", status: 400, message: /^Wrong: very/ }, also: shortMessage },
  },
  {
    id: "bounds/long-message-in-band",
    why: "And so is one inside an answer.",
    upstream: ({ protocol }) => [
      stream(protocol.preamble, protocol.error({ status: 500, type: "strange", message: "very ".repeat(6000) })),
    ],
    holds: { error: { code: "server", message: /^very/ }, also: shortMessage },
  },
  {
    id: "bounds/redirect-loop",
    why: "A redirect to itself is not followed even once.",
    modes: ["stream", "generate"],
    upstream: () => [whole("", { status: 302, headers: { location: "/again" } })],
    holds: { error: { code: "invalid-request", status: 302 } },
  },
  {
    id: "bounds/unread-stream",
    why: "A reader who does not read holds the provider back, and memory stays flat.",
    upstream: ({ protocol }) => [[...begun(protocol), pour(protocol.text(filler.repeat(64)))]],
    call: {
      async act({ model, request }) {
        const reply = await model.stream(request);
        await new Promise((resolve) => setTimeout(resolve, 400));
        reply.cancel();
        return undefined;
      },
    },
    holds: { after: 300, within: 2500, also: (seen) => littleTaken(seen) },
  },
  {
    id: "bounds/deep-json",
    why: "JSON that nests 50,000 deep ends no process.",
    upstream: ({ protocol }) => {
      const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
      return [
        stream(protocol.preamble, sse(`{"choices":${deep},"type":"ping","candidates":${deep}}`), protocol.text(good)),
      ];
    },
    holds: { error: { code: "truncated", partial: good } },
  },
  {
    id: "bounds/deep-error",
    why: "Nor does an error of that kind.",
    modes: ["stream", "generate"],
    upstream: () => [whole(`${'{"error":'.repeat(6000)}"no"${"}".repeat(6000)}`, { status: 500 })],
    holds: { error: { code: "server", status: 500 } },
  },
  {
    id: "bounds/many-small-events",
    why: "20,000 events in one write.",
    upstream: ({ protocol }) => [
      stream(
        protocol.preamble + protocol.text("a").repeat(20_000) + protocol.ending({ text: "a".repeat(20_000) }),
        protocol.done({ text: "a".repeat(20_000) }),
      ),
    ],
    holds: { text: "a".repeat(20_000), finish: "stop", within: 4000 },
  },
];

function littleTaken({ taken }: Observation): string | undefined {
  return taken < mostBuffered ? undefined : `${taken} bytes were taken`;
}

function shortMessage({ error }: Observation): string | undefined {
  const { length } = (error as Error).message;
  return length <= 2000 ? undefined : `the message has ${length} characters`;
}
