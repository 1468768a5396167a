import type { ProviderSample } from "../provider-sample.ts";
import { awsFrames } from "../aws-frames.ts";
import { seededRandom } from "../seeded-random.ts";

/** One way in which the bytes of a sample may reach an adapter. */
export interface Delivery {
  /** `one byte a chunk` */
  readonly name: string;
  readonly chunks: readonly Uint8Array[];
  /**
   * What may come of it: the very answer of the sample; that, or an end that claims no success, where the last event may be lost; or
   * only an end that claims no success.
   */
  readonly accepts: "answer" | "answer or no success" | "no success";
  /** The connection breaks after the last chunk, rather than closing. */
  readonly breaks?: true;
}

const encoder = new TextEncoder();
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf);

/** Every way of delivery that a sample of this framing must stand, whole first. */
export function* deliveries({ name, body, framing, exercises }: ProviderSample): Generator<Delivery> {
  yield { name: "whole", chunks: [body], accepts: "answer" };
  yield { name: "random chunks, some of them empty", chunks: randomChunks(body, name), accepts: "answer" };
  if (framing === "json") {
    yield { name: "blank lines first", chunks: [encoder.encode("\n\r\n \n"), body], accepts: "answer" };
  } else {
    yield { name: "one byte a chunk", chunks: singleBytes(body), accepts: "answer" };
  }
  if (framing === "aws-eventstream") yield* frameDeliveries(body);
  else if (framing !== "json") {
    yield { name: "CRLF line ends", chunks: [withLineEnds(body, "\r\n")], accepts: "answer" };
    yield {
      name: "CRLF line ends, split between the two",
      chunks: splitBefore(withLineEnds(body, "\r\n"), lineFeed),
      accepts: "answer",
    };
    yield { name: "LF line ends", chunks: [withLineEnds(body, "\n")], accepts: "answer" };
    if (framing === "sse") yield* eventStreamDeliveries(body);
    else yield* lineDeliveries(body);
  }
  const cut = body.subarray(0, Math.floor(body.length * 0.6));
  yield { name: "cut at 60 %", chunks: [cut], accepts: "no success" };
  // The first Gemini said the reason of the end with every event: then nothing tells where the end is.
  if (framing !== "json" && !exercises.includes("finish-on-every-event")) {
    // Every event that came is whole, so nothing but the missing end tells that the answer is not.
    yield { name: "cut between events before 60 %", chunks: [throughLastBreak(cut, framing)], accepts: "no success" };
  }
  yield { name: "broken off at 60 %", chunks: [cut], accepts: "no success", breaks: true };
}

/** Frames have no line ends to play with; their checksums are to be looked at. */
function* frameDeliveries(body: Uint8Array): Generator<Delivery> {
  const frames = awsFrames(body);
  yield { name: "a frame a chunk", chunks: frames, accepts: "answer" };
  yield {
    name: "frames split in the prelude and before the checksum, with empty chunks",
    chunks: frames.flatMap((frame) => [
      nothing,
      frame.subarray(0, 5),
      frame.subarray(5, -3),
      nothing,
      frame.subarray(-3),
    ]),
    accepts: "answer",
  };
  yield { name: "a damaged frame", chunks: [withDamage(body)], accepts: "no success" };
}

const nothing = new Uint8Array(0);

/** A bit of the first payload turned over: all lengths are as they were. */
function withDamage(body: Uint8Array): Uint8Array {
  const [first] = awsFrames(body);
  const damaged = Uint8Array.from(body);
  damaged[(first?.length ?? 0) - 6]! ^= 1;
  return damaged;
}

function* eventStreamDeliveries(body: Uint8Array): Generator<Delivery> {
  yield { name: "CR line ends", chunks: [withLineEnds(body, "\r")], accepts: "answer" };
  // The blank line that ends the last event never comes, so the event may count as incomplete.
  yield {
    name: "no line break after the last event",
    chunks: [withoutLastBreaks(body)],
    accepts: "answer or no success",
  };
  yield { name: "comments between and inside events", chunks: [withComments(body)], accepts: "answer" };
  yield { name: "a byte order mark first", chunks: [byteOrderMark, body], accepts: "answer" };
  yield {
    name: "no space after `data:`, with ids and retry times",
    chunks: [withOtherFields(body)],
    accepts: "answer",
  };
}

function* lineDeliveries(body: Uint8Array): Generator<Delivery> {
  const text = new TextDecoder().decode(body);
  yield {
    name: "blank lines between",
    chunks: [encoder.encode(`\n${text.replaceAll("\n", "\n\r\n\n")}`)],
    accepts: "answer",
  };
  yield { name: "no line break after the last line", chunks: [withoutLastBreaks(body)], accepts: "answer" };
}

/** Every byte on its own. */
export function singleBytes(body: Uint8Array): Uint8Array[] {
  return Array.from(body, (_, place) => body.subarray(place, place + 1));
}

/** Pieces of up to 64 bytes, about one in five empty; the same for the same seed. */
export function randomChunks(body: Uint8Array, seed: string): Uint8Array[] {
  const random = seededRandom(seed);
  const chunks: Uint8Array[] = [];
  for (let place = 0; place < body.length;) {
    const size = random() < 0.2 ? 0 : 1 + Math.floor(random() * 64);
    chunks.push(body.subarray(place, place + size));
    place += size;
  }
  return chunks;
}

/** A new chunk at every byte of this value. */
export function splitBefore(body: Uint8Array, byte: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let begin = 0;
  for (let place = body.indexOf(byte, 1); place > 0; place = body.indexOf(byte, place + 1)) {
    chunks.push(body.subarray(begin, place));
    begin = place;
  }
  chunks.push(body.subarray(begin));
  return chunks;
}

/** All line ends made the same. */
export function withLineEnds(body: Uint8Array, end: "\n" | "\r\n" | "\r"): Uint8Array {
  return encoder.encode(new TextDecoder().decode(body).replaceAll(/\r\n|\r|\n/g, end));
}

/** The line breaks at the very end left out. */
export function withoutLastBreaks(body: Uint8Array): Uint8Array {
  let end = body.length;
  while (end > 0 && (body[end - 1] === lineFeed || body[end - 1] === carriageReturn)) end--;
  return body.subarray(0, end);
}

/** Up to the end of the last event, line or frame that is whole. */
export function throughLastBreak(body: Uint8Array, framing: "sse" | "ndjson" | "aws-eventstream"): Uint8Array {
  if (framing === "aws-eventstream") {
    const frames = awsFrames(body);
    const rest = frames.at(-1);
    const cut =
      rest !== undefined && (rest.length < 4 || rest.length < new DataView(rest.buffer, rest.byteOffset).getUint32(0));
    return body.subarray(0, body.length - (cut ? rest.length : 0));
  }
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
  const ends = [...text.matchAll(framing === "sse" ? /\n\r?\n|\r\r/g : /\n/g)];
  const last = ends.at(-1);
  return encoder.encode(last ? text.slice(0, last.index + last[0].length) : "");
}

/** A comment before every line, blank ones too; none of them ends an event. */
export function withComments(body: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(body);
  return encoder.encode(`: keep-alive\n:\n\n${text.replaceAll(/(?<=\n|^)/g, ": keep-alive\n")}\n: keep-alive\n\n`);
}

/** Without the one space that may follow `data:`, and with the fields that readers of events must pass over. */
export function withOtherFields(body: Uint8Array): Uint8Array {
  let count = 0;
  const text = new TextDecoder().decode(body);
  return encoder.encode(text.replaceAll(/(?<=\n|^)data: ?/g, () => `id: ${++count}\nretry: 3000\nunheard-of\ndata:`));
}
