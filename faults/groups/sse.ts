import { gzipSync } from "node:zlib";
import type { Fault } from "../fault.ts";
import type { Protocol } from "../protocols/protocol.ts";
import { end, head, send } from "../upstream/step.ts";
import type { Step } from "../upstream/step.ts";

/** Characters of one to four bytes, a pair that is split between two events, and what looks like framing. */
const text = "Grüße, 東京 🎉🎈: data: \n\n {[DONE]}";

/** Legal ways to write a stream that readers get wrong: the answer is the same to the last character. */
export const serverSentEvents: readonly Fault[] = [
  whole("sse/byte-by-byte", "Every byte in a read of its own.", (all) => [send(all, { piece: 1 })]),
  whole("sse/three-bytes-a-read", "Characters and events cut anywhere.", (all) => [send(all, { piece: 3 })]),
  whole("sse/one-read", "All of it at once.", (all) => [send(all)]),
  whole("sse/carriage-returns", "Lines that end in CR alone.", (all) => [send(all.replaceAll("\n", "\r"))]),
  whole("sse/both", "Lines that end in CR LF.", (all) => [send(all.replaceAll("\n", "\r\n"))]),
  whole("sse/both-split", "CR LF with a read between the two.", (all) => [
    send(all.replaceAll("\n", "\r\n"), { piece: 1 }),
  ]),
  whole("sse/mixed-breaks", "All three in one stream.", (all) => {
    const breaks = ["\n", "\r\n", "\r"];
    return [send(all.replaceAll("\n\n", () => (breaks.push(breaks.shift()!), breaks[0]! + breaks[0]!)))];
  }),
  whole("sse/byte-order-mark", "A mark of the byte order at the beginning.", (all) => [send(`\uFEFF${all}`)]),
  whole("sse/no-space", "No space after the colon.", (all) => [send(all.replaceAll(/^data: /gm, "data:"))]),
  whole("sse/comments", "Comments before, between and inside events.", (all) => [
    send(`: hello\n\n${all.replaceAll(/^data: /gm, ": within\ndata: ").replaceAll("\n\n", "\n\n: between\n\n")}`),
  ]),
  whole("sse/other-fields", "Fields that are of no use here, and some that nobody knows.", (all) => [
    send(all.replaceAll(/^data: /gm, "id: 7\nretry: 10\nweather: rain\nlonely\ndata: ")),
  ]),
  whole("sse/data-over-lines", "The data of an event over several lines.", (all) => [
    send(all.replaceAll(/^data: \{/gm, "data: {\ndata: ")),
  ]),
  whole("sse/data-over-lines-split", "The same with CR LF, and a read between the two.", (all) => [
    send(all.replaceAll(/^data: \{/gm, "data: {\ndata: ").replaceAll("\n", "\r\n"), { piece: 1 }),
  ]),
  whole("sse/empty-events", "Events without data.", (all) => [
    send(all.replaceAll("\n\n", "\n\nevent: nothing\n\ndata:\n\ndata\n\n\n\n")),
  ]),
  whole("sse/no-last-break", "The last event without its blank line.", (all) => [send(all.trimEnd())]),
  whole(
    "sse/packed",
    "A stream that is compressed, though nobody said that it might be.",
    (all) => [send(gzipSync(all), { piece: 7 })],
    {
      "content-encoding": "gzip",
    },
  ),
  whole("sse/with-charset", "A content type with a parameter, in capitals.", (all) => [send(all)], {
    "content-type": "Text/Event-Stream; Charset=UTF-8",
  }),
  whole("sse/no-event-names", "Without the names of events, which are said in the data, too.", (all) => [
    send(all.replaceAll(/^event: .*\n/gm, "")),
  ]),
  whole("sse/name-after-data", "The name of an event after its data.", (all) => [
    send(all.replaceAll(/^(event: .*\n)(data: .*\n)/gm, "$2$1")),
  ]),
  whole("sse/json-white-space", "White space in the JSON, and an escape for every letter.", (all) => [
    send(all.replaceAll(/^data: (\{.*\})$/gm, (_, json: string) => `data: ${escaped(json)}`)),
  ]),
  whole("sse/slow", "An event now and then, none too late.", (all) => [send(all, { piece: 200, every: 5 })]),
];

function whole(
  id: string,
  why: string,
  deliver: (all: string) => readonly Step[],
  headers: Readonly<Record<string, string>> = {},
): Fault {
  return {
    id,
    why,
    upstream: ({ protocol }) => [
      [head({ headers: { "content-type": "text/event-stream", ...headers } }), ...deliver(streamOf(protocol)), end],
    ],
    holds: { text, finish: "stop", within: 8000 },
  };
}

/** In several events, so that there are borders between characters of one text. */
function streamOf(protocol: Protocol): string {
  const [first, second] = [text.slice(0, 11), text.slice(11)];
  const { preamble, ending, done } = protocol;
  return preamble + protocol.text(first) + protocol.text(second) + ending({ text }) + done({ text });
}

function escaped(json: string): string {
  const spaced = JSON.stringify(JSON.parse(json), null, 1).replaceAll("\n", " ");
  return spaced.replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
