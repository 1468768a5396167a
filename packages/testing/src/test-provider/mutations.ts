import { crc32 } from "node:zlib";
import type { Json } from "@plugboard/core";
import { awsFrames } from "../aws-frames.ts";
import type { ProviderSample } from "../provider-sample.ts";
import type { SeededRandom } from "../seeded-random.ts";

/** The bytes of a sample, spoiled. */
export interface Mutation {
  /** What was done, to be found again: `wrong type at choices[0].delta`. */
  readonly name: string;
  readonly body: Uint8Array;
  /** Only members that say nothing of the text were touched: it must be that of the sample, if there is an answer at all. */
  readonly inert: boolean;
}

type Framing = ProviderSample["framing"];

const encoder = new TextEncoder();

/** What is put in the place of something else. */
const oddities: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  -0.5,
  "",
  "\u0000",
  "zebra",
  [],
  {},
  [[[[[]]]]],
  { type: "zebra" },
  [null],
  [{}],
];

/** Members that say nothing of the text, whatever is in them. */
const inertNames: ReadonlySet<string> = new Set([
  "usage",
  "usageMetadata",
  "usage_metadata",
  "metrics",
  "model",
  "modelVersion",
  "created",
  "created_at",
  "system_fingerprint",
  "service_tier",
  "total_duration",
  "eval_count",
  "prompt_eval_count",
]);

/**
 * Spoils the bytes of a sample in one way or several: bits, deletions, repetitions, splices with another sample, cuts, control bytes,
 * and within the JSON of its events wrong types, huge numbers, missing and repeated members.
 */
export function mutated(
  samples: readonly ProviderSample[],
  random: SeededRandom,
): Mutation & { sample: ProviderSample } {
  const sample = picked(samples, random);
  const way = picked(ways, random);
  const mutation = way(sample, samples, random);
  if (random() > 0.2) return { ...mutation, sample };
  const again = picked(ways, random)({ ...sample, body: mutation.body }, samples, random);
  return { name: `${mutation.name}, ${again.name}`, body: again.body, inert: mutation.inert && again.inert, sample };
}

type Way = (sample: ProviderSample, samples: readonly ProviderSample[], random: SeededRandom) => Mutation;

const ways: readonly Way[] = [
  function bits({ body }, _, random) {
    const bytes = Uint8Array.from(body);
    for (let left = 1 + below(4, random); left > 0 && bytes.length > 0; left--)
      bytes[below(bytes.length, random)]! ^= 1 << below(8, random);
    return spoiled("bits turned over", bytes);
  },
  function deletion({ body }, _, random) {
    const [from, to] = range(body, random);
    return spoiled(`bytes ${from} to ${to} deleted`, joined(body.subarray(0, from), body.subarray(to)));
  },
  function repetition({ body }, _, random) {
    const [from, to] = range(body, random);
    return spoiled(`bytes ${from} to ${to} repeated`, joined(body.subarray(0, to), body.subarray(from)));
  },
  function splice({ body, framing }, samples, random) {
    const other = picked(
      samples.filter((each) => each.framing === framing),
      random,
    );
    const from = below(other.body.length, random);
    return spoiled(
      `spliced with ${other.name} from ${from}`,
      joined(body.subarray(0, below(body.length, random)), other.body.subarray(from)),
    );
  },
  function eventSplice({ body, framing }, samples, random) {
    const other = picked(
      samples.filter((each) => each.framing === framing),
      random,
    );
    const mine = piecesOf(body, framing);
    const theirs = piecesOf(other.body, framing);
    const pieces = [...mine.slice(0, below(mine.length, random)), ...theirs.slice(below(theirs.length, random))];
    return spoiled(`events spliced with ${other.name}`, joined(...pieces));
  },
  function eventLoss({ body, framing }, _, random) {
    const pieces = piecesOf(body, framing);
    const place = below(pieces.length, random);
    const kept = random() < 0.5 ? pieces.toSpliced(place, 1) : pieces.toSpliced(place, 0, pieces[place]!);
    return spoiled(`event ${place} lost or repeated`, joined(...kept));
  },
  function truncation({ body }, _, random) {
    return spoiled("cut", body.subarray(0, below(body.length, random)));
  },
  function control({ body }, _, random) {
    const place = below(body.length, random);
    const bytes = Uint8Array.from({ length: 1 + below(3, random) }, () =>
      picked([0, 8, 10, 13, 27, 127, 0xff, 0xc3], random),
    );
    return spoiled("control bytes put in", joined(body.subarray(0, place), bytes, body.subarray(place)));
  },
  changedJson(false),
  changedJson(false),
  changedJson(false),
  changedJson(true),
];

/** Changes one member in the JSON of one event: any, or one that says nothing of the text. */
function changedJson(inert: boolean): Way {
  return function json({ body, framing }, _, random) {
    const pieces = piecesOf(body, framing);
    const places = pieces.flatMap((piece, place) => (jsonIn(piece, framing) === undefined ? [] : [place]));
    if (places.length === 0) return spoiled("nothing", body);
    const place = picked(places, random);
    const value = structuredClone(jsonIn(pieces[place]!, framing)!);
    const members = membersOf(value).filter(({ path }) => !inert || path.some((step) => inertNames.has(step)));
    if (members.length === 0) return { name: "nothing", body, inert };
    const name = change(picked(members, random), random);
    const changed = withJson(pieces[place]!, framing, value);
    return { name: `${name} of event ${place}`, body: joined(...pieces.with(place, changed)), inert };
  };
}

interface Member {
  readonly holder: Record<string, Json | undefined>;
  readonly key: string;
  readonly path: readonly string[];
}

function change({ holder, key, path }: Member, random: SeededRandom): string {
  const at = path.join(".");
  const chance = random();
  if (chance < 0.15) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
    return `${at} deleted`;
  }
  const old = holder[key];
  if (chance < 0.25 && Array.isArray(holder)) {
    holder.push(structuredClone(old) as Json);
    return `${at} repeated`;
  }
  if (chance < 0.35) {
    holder[key] = { [key]: old ?? null };
    return `${at} nested`;
  }
  if (chance < 0.45) {
    holder[key] = [old ?? null];
    return `${at} in a list`;
  }
  const oddity = picked(oddities, random);
  holder[key] = structuredClone(oddity);
  return `${JSON.stringify(oddity)} at ${at}`;
}

function membersOf(value: Json | undefined, path: readonly string[] = [], found: Member[] = []): Member[] {
  if (typeof value !== "object" || value === null) return found;
  const holder = value as Record<string, Json | undefined>;
  for (const key of Object.keys(value)) {
    const inner = [...path, key];
    found.push({ holder, key, path: inner });
    membersOf(holder[key], inner, found);
  }
  return found;
}

/** The events of a body with what frames them, as they stand there; the body itself where it is one. */
export function piecesOf(body: Uint8Array, framing: Framing): readonly Uint8Array[] {
  if (framing === "json") return [body];
  if (framing === "aws-eventstream") return awsFrames(body);
  return split(body, framing === "sse" ? /(?<=\r\n\r\n|\n\n|\r\r)/ : /(?<=\n)/);
}

/** The JSON of an event, `undefined` where there is none. */
export function jsonIn(piece: Uint8Array, framing: Framing): Json | undefined {
  try {
    return JSON.parse(payloadOf(piece, framing)) as Json;
  } catch {
    return undefined;
  }
}

function payloadOf(piece: Uint8Array, framing: Framing): string {
  if (framing === "aws-eventstream") return text(piece.subarray(12 + headersLength(piece), -4));
  if (framing !== "sse") return text(piece);
  return text(piece)
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5))
    .join("\n");
}

function withJson(piece: Uint8Array, framing: Framing, value: Json): Uint8Array {
  const json = JSON.stringify(value);
  if (framing === "json") return encoder.encode(json);
  if (framing === "ndjson") return encoder.encode(`${json}\n`);
  if (framing === "aws-eventstream") return reframed(piece, encoder.encode(json));
  const named = text(piece)
    .split(/\r\n|\n|\r/)
    .filter((line) => line !== "" && !line.startsWith("data:"));
  return encoder.encode([...named, `data: ${json}`, "", ""].join("\n"));
}

/** The message with another payload, its lengths and checksums right. */
function reframed(piece: Uint8Array, payload: Uint8Array): Uint8Array {
  const before = 12 + headersLength(piece);
  const frame = Buffer.alloc(before + payload.length + 4);
  frame.set(piece.subarray(0, before));
  frame.set(payload, before);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
  return frame;
}

function headersLength(piece: Uint8Array): number {
  return piece.length < 8 ? 0 : new DataView(piece.buffer, piece.byteOffset).getUint32(4);
}

/** Cuts at places in ASCII, so bytes of a character stay together and every byte is one character here. */
function split(body: Uint8Array, at: RegExp): Uint8Array[] {
  return Buffer.from(body)
    .toString("latin1")
    .split(at)
    .map((piece) => Buffer.from(piece, "latin1"));
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function spoiled(name: string, body: Uint8Array): Mutation {
  return { name, body, inert: false };
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(pieces);
}

function range(body: Uint8Array, random: SeededRandom): readonly [number, number] {
  const from = below(body.length, random);
  return [from, Math.min(body.length, from + 1 + below(200, random))];
}

function below(limit: number, random: SeededRandom): number {
  return Math.floor(random() * limit);
}

function picked<Value>(values: readonly Value[], random: SeededRandom): Value {
  return values[below(values.length, random)]!;
}
