import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import { parseJson } from "@plugboard/wire";
import { jsonFault } from "./json-fault.ts";
import { ListReader } from "./list-reader.ts";
import { tooLong } from "./too-long.ts";

/** How values stand in a file: one a line, as the items of one list, or the file is one value. */
export type Framing = "jsonl" | "array" | "document";

/** One value of a file. */
export interface Item {
  /** Counted from 1: of a line, which one it is; of a list, the one that it ends in, or in which it stops being JSON. */
  readonly line: number;
  /** Counted from 1. */
  readonly item: number;
  /** What it is; of a line or an item that is not JSON, its text and a sentence that says what was expected where. */
  readonly value: { readonly json: Json } | { readonly text: string; readonly fault: string };
}

/** How a file is read. */
export interface ReadItemsOptions {
  /** @default told by how the file begins: a list, or lines */
  readonly framing?: Framing | undefined;
  /** Bytes that one value may have; more is refused. @default 268435456, which is 256 MiB */
  readonly longest?: number;
}

const usualLongest = 256 * 1024 * 1024;

/**
 * The values of a file, one after the other: never more of it than one of them is in memory.
 *
 * A line or an item that is not JSON is given as its text, and the others are read: a list is gone on with behind the brackets of a broken
 * item, or where an object begins that has the members of those before.
 *
 * @throws {ModelError} `invalid-request` for a value that is too long, a document that is not JSON, and a list that breaks off or of which
 *   cannot be told where it goes on, with the line
 * @example
 * for await (const { line, value } of readItems(createReadStream("chats.jsonl"))) console.log(line, value);
 */
export async function* readItems(
  bytes: AsyncIterable<Uint8Array>,
  { framing, longest = usualLongest }: ReadItemsOptions = {},
): AsyncGenerator<Item, void, undefined> {
  const source = bytes[Symbol.asyncIterator]();
  try {
    const begun = await beginning(source);
    const rest = { [Symbol.asyncIterator]: () => following(begun.chunks, source) };
    const told = framing ?? (begun.first === "[" ? "array" : "jsonl");
    if (told === "array") yield* arrayItems(rest, longest);
    else if (told === "document") yield* documentItem(rest, longest);
    else yield* lineItems(rest, longest);
  } finally {
    await source.return?.();
  }
}

interface Begun {
  readonly chunks: Uint8Array[];
  /** The first character that is not blank. */
  readonly first: string | undefined;
}

/** Reads until there is something to tell the framing by. */
async function beginning(source: AsyncIterator<Uint8Array>): Promise<Begun> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await source.next();
    if (done) return { chunks, first: undefined };
    const chunk = chunks.length === 0 ? withoutMark(value) : value;
    chunks.push(chunk);
    const found = chunk.find((byte) => byte > 0x20);
    if (found !== undefined) return { chunks, first: String.fromCharCode(found) };
  }
}

/** Some editors begin a file with a byte order mark, which is not JSON. */
function withoutMark(chunk: Uint8Array): Uint8Array {
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
}

async function* following(
  chunks: readonly Uint8Array[],
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks;
  for (;;) {
    const { done, value } = await source.next();
    if (done) return;
    yield value;
  }
}

const lineEnd = 0x0a;

async function* lineItems(bytes: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<Item, void, undefined> {
  let line = 0;
  let item = 0;
  for await (const text of linesOf(bytes, longest, () => line + 1)) {
    line++;
    if (text.trim() === "") continue;
    item++;
    yield { line, item, value: parsed(text) };
  }
}

async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
  longest: number,
  at: () => number,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let held: Uint8Array[] = [];
  let size = 0;
  const take = (last: Uint8Array): string => {
    const text = held.length === 0 ? decoder.decode(last) : decoder.decode(Buffer.concat([...held, last]));
    held = [];
    size = 0;
    return text;
  };
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, from)) {
      yield take(chunk.subarray(from, end));
      from = end + 1;
    }
    if (from === chunk.length) continue;
    held.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > longest) throw tooLong(at(), longest);
  }
  if (size > 0) yield take(new Uint8Array());
}

function parsed(text: string): Item["value"] {
  try {
    return { json: parseJson(text) };
  } catch {
    return { text, fault: faultOf(text) };
  }
}

async function* arrayItems(bytes: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<Item, void, undefined> {
  const reader = new ListReader(longest);
  for await (const chunk of bytes) yield* reader.read(chunk);
  yield* reader.end();
}

async function* documentItem(bytes: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<Item, void, undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > longest) throw tooLong(1, longest);
  }
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  if (text.trim() === "") return;
  const value = parsed(text);
  if ("fault" in value) throw new ModelError(value.fault, { code: "invalid-request" });
  yield { line: 1, item: 1, value };
}

/** Where a text stops being JSON, in a sentence. */
function faultOf(text: string): string {
  const { at, expected } = jsonFault(text) ?? { at: text.length, expected: "the end" };
  const lines = text.slice(0, at).split("\n");
  const line = lines.length > 1 ? ` of line ${lines.length}` : "";
  return `It is not JSON: ${expected} was expected at character ${lines.at(-1)!.length + 1}${line}.`;
}
