/** What a text looks like to a linear model: hashed words and pairs of words, and a few figures of its surface. */
export interface TextFeatures {
  /** The buckets of the words and pairs that occur, each once. */
  readonly buckets: Uint32Array;
  /** How often each occurs. */
  readonly counts: Uint32Array;
  /** In the order of {@link surfaceNames}. */
  readonly surface: Float64Array;
}

/** The figures of a text's surface. Their scale does not matter: they are standardised by the training set. */
export const surfaceNames = [
  "words",
  "characters a word",
  "sentences",
  "words a sentence",
  "lines",
  "numbers",
  "numbers a sentence",
  "greatest number",
  "digits",
  "symbols",
  "capitals",
  "not ASCII",
  "quantifiers",
  "negations",
  "first line",
] as const;

/** Text beyond this many characters is not looked at, in the middle: what is asked stands at the beginning or at the end. */
const most = 16_000;

const quantifiers = new Set(
  ["each", "every", "per", "than", "if", "half", "twice", "times", "percent", "double", "third"].map((word) =>
    hashOf(word),
  ),
);
const negations = new Set(["not", "no", "never", "except", "incorrect", "false", "cannot"].map((word) => hashOf(word)));

/**
 * Reads a text once, character by character.
 *
 * @param bits - how many bits a bucket's number has: 16 are 65,536 buckets
 */
export function textFeatures(text: string, bits: number): TextFeatures {
  const seen = text.length <= most ? text : `${text.slice(0, most / 2)}\n${text.slice(-most / 2)}`;
  const reading = new Reading(bits);
  for (let place = 0; place < seen.length; place++) reading.take(seen.charCodeAt(place));
  return reading.end(seen.length);
}

/** What is a run of letters, a run of digits, or neither. */
const [gap, letter, digit, symbol] = [0, 1, 2, 3] as const;

class Reading {
  readonly #shift: number;
  readonly #counts = new Map<number, number>();
  #kind: number = gap;
  #hash = 0;
  #length = 0;
  #value = 0;
  #previous = 0;
  #words = 0;
  #letters = 0;
  #sentences = 0;
  #lines = 0;
  #numbers = 0;
  #greatest = 0;
  #digits = 0;
  #symbols = 0;
  #capitals = 0;
  #foreign = 0;
  #quantifiers = 0;
  #negations = 0;
  #firstLine = 0;

  constructor(bits: number) {
    this.#shift = 32 - bits;
  }

  take(code: number): void {
    const isCapital = code >= 65 && code <= 90;
    const kind = kindOf(code, isCapital);
    // A run goes on while its kind does; a symbol is one by itself.
    if (kind !== this.#kind || kind === symbol) this.#endRun();
    this.#kind = kind;
    if (isCapital) this.#capitals++;
    if (code > 127) this.#foreign++;
    if (code === 10) {
      this.#lines++;
      if (this.#firstLine === 0) this.#firstLine = this.#words;
    }
    if (kind === gap) return;
    if (kind === digit) {
      this.#digits++;
      this.#value = this.#value * 10 + (code - 48);
    }
    if (kind === symbol) {
      this.#symbols++;
      if (code === 46 || code === 63 || code === 33) this.#sentences++; // . ? !
    }
    this.#hash = step(this.#hash, isCapital ? code + 32 : code);
    this.#length++;
  }

  end(length: number): TextFeatures {
    this.#endRun();
    const words = Math.max(this.#words, 1);
    const sentences = Math.max(this.#sentences, 1);
    const characters = Math.max(length, 1);
    return {
      buckets: Uint32Array.from(this.#counts.keys()),
      counts: Uint32Array.from(this.#counts.values()),
      surface: Float64Array.of(
        Math.log(words),
        this.#letters / words,
        Math.log(sentences),
        Math.min(words / sentences, 60),
        Math.log1p(this.#lines),
        Math.log1p(this.#numbers),
        Math.min(this.#numbers / sentences, 6),
        Math.log1p(Math.min(this.#greatest, 1e9)),
        this.#digits / characters,
        this.#symbols / characters,
        this.#capitals / characters,
        this.#foreign / characters,
        Math.log1p(this.#quantifiers),
        Math.log1p(this.#negations),
        Math.log1p(this.#firstLine),
      ),
    };
  }

  #endRun(): void {
    if (this.#length === 0) return;
    let hash = this.#hash;
    if (this.#kind === letter) {
      this.#words++;
      this.#letters += this.#length;
      if (quantifiers.has(hash)) this.#quantifiers++;
      if (negations.has(hash)) this.#negations++;
    } else if (this.#kind === digit) {
      this.#numbers++;
      this.#greatest = Math.max(this.#greatest, this.#value);
      // Which number it is says little; how long it is, something.
      hash = step(7, Math.min(this.#length, 5));
    }
    this.#count(hash);
    if (this.#previous !== 0) this.#count(step(step(this.#previous, 32), hash));
    this.#previous = hash;
    this.#hash = 0;
    this.#length = 0;
    this.#value = 0;
  }

  #count(hash: number): void {
    const bucket = mixed(hash) >>> this.#shift;
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
  }
}

function kindOf(code: number, isCapital: boolean): number {
  if (isCapital || (code >= 97 && code <= 122) || code > 127) return letter;
  if (code >= 48 && code <= 57) return digit;
  return code <= 32 ? gap : symbol;
}

/** FNV-1a's step, from 0 rather than its offset; {@link mixed} spreads it. */
function step(hash: number, value: number): number {
  return (Math.imul(hash ^ value, 0x01000193) + 0x9e3779b9) | 0;
}

/** The finalizer of MurmurHash3, so that the upper bits depend on all. */
function mixed(hash: number): number {
  let word = hash;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}

function hashOf(word: string): number {
  let hash = 0;
  for (let place = 0; place < word.length; place++) hash = step(hash, word.charCodeAt(place));
  return hash;
}
