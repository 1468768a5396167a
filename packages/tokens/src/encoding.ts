import type { Tiktoken } from "tiktoken/lite";

/** The encodings of OpenAI's models; their tables are public. */
export type EncodingName = "o200k_base" | "cl100k_base";

/** Each is a few megabytes and takes some tenths of a second to make, so it is made at the first use and kept. */
const encodings = new Map<EncodingName, Promise<Tiktoken>>();

const tables = {
  o200k_base: () => import("tiktoken/encoders/o200k_base"),
  cl100k_base: () => import("tiktoken/encoders/cl100k_base"),
} as const;

/** The encoding, loaded when it is asked for the first time. */
export function encodingOf(name: EncodingName): Promise<Tiktoken> {
  let encoding = encodings.get(name);
  if (!encoding) {
    encoding = load(name);
    encodings.set(name, encoding);
    encoding.catch(() => encodings.delete(name)); // the next call tries again
  }
  return encoding;
}

async function load(name: EncodingName): Promise<Tiktoken> {
  const [{ Tiktoken }, module] = await Promise.all([import("tiktoken/lite"), tables[name]()]);
  const { bpe_ranks: ranks, special_tokens: special, pat_str: pattern } = tableOf(module);
  return new Tiktoken(ranks, special, pattern);
}

interface Table {
  readonly bpe_ranks: string;
  readonly special_tokens: Record<string, number>;
  readonly pat_str: string;
}

/** The tables are CommonJS, whose default is one level deeper by its types, and with some bundlers. */
function tableOf({ default: module }: { readonly default: Table | { readonly default: Table } }): Table {
  return "default" in module ? module.default : module;
}

/**
 * Code points that are encoded at once. A run of letters without a border costs the square of its length: 20,000 of them a tenth of a
 * second or a whole one, 200,000 minutes.
 */
const piece = 2_048;

/**
 * As much as fits, up to a place where both encodings begin a new word whatever follows: after a letter or digit, before a sign or
 * before a single space. Cut there, the pieces have exactly the tokens of the whole.
 */
const upToBorder = new RegExp(`[^]{0,${piece - 1}}[\\p{L}\\p{N}](?=[^\\p{L}\\p{N}\\p{M}\\s'’]| \\S)`, "uy");
const upToPiece = new RegExp(`[^]{1,${piece}}`, "uy");

/** How many tokens a text is. Markers such as `<|endoftext|>` are text like any other: what users write is never a command. */
export function countText(encoding: Tiktoken, text: string): number {
  if (text.length <= piece) return encoding.encode_ordinary(text).length;
  let tokens = 0;
  for (let place = 0; place < text.length;) {
    const end = endOf(upToBorder, text, place) ?? endOf(upToPiece, text, place)!;
    tokens += encoding.encode_ordinary(text.slice(place, end)).length;
    place = end;
  }
  return tokens;
}

function endOf(pattern: RegExp, text: string, place: number): number | undefined {
  if (pattern === upToBorder && text.length - place <= piece) return text.length;
  pattern.lastIndex = place;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
