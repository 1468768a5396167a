/** So many characters in a row that stand at the end of the one text and at the beginning of the other are no chance. */
const clear = 8;
/** No more characters are held back than this. */
const most = 32_768;
/** A text that matches in more lengths than this says the same over and over. */
const mostMatches = 16;

/** What a continuation is looked at for. */
export interface OverlapOptions {
  /** How many characters at the end of `given` were not told to the model that goes on, so that it says them itself. */
  readonly untold: number;
  /** It never repeats what it was told. */
  readonly exact: boolean;
}

/**
 * Finds how much of what was given a continuation repeats at its beginning: the longest end of the one that is the beginning of the
 * other. The continuation is held back for as long as all of it stands somewhere in what was given, for it may be a repeat until then;
 * that is mostly a word, and all of it for a model that begins anew.
 *
 * A match can be chance: `hel` goes on with `lo`, `20` with `20`. It counts as a repeat when it is at least {@link clear} characters
 * long, or when it begins where a word begins and has a letter; and not when the text had said it twice running before.
 */
export class Overlap {
  readonly #given: string;
  readonly #untold: number;
  #held = "";
  /** The first place of what was given from which all that is held stands there. */
  #at = 0;

  constructor(given: string, { untold, exact }: OverlapOptions) {
    this.#given = exact ? given.slice(given.length - untold) : given.slice(-most);
    this.#untold = untold;
  }

  /** Takes the next piece; gives what is new of all that was held, or nothing while it may still be a repeat. */
  add(text: string): string | undefined {
    const before = this.#held.length;
    this.#held += text;
    if (!this.#given.startsWith(text, this.#at + before)) this.#at = this.#given.indexOf(this.#held, this.#at);
    const inside = this.#at >= 0 && this.#at + this.#held.length < this.#given.length;
    return inside && this.#held.length < most ? undefined : this.end();
  }

  /** No more pieces come: what is new of all that was held. */
  end(): string {
    const held = this.#held;
    let matches = 0;
    for (let length = Math.min(held.length, this.#given.length); length > 0 && matches < mostMatches; length--) {
      if (!this.#given.endsWith(held.slice(0, length))) continue;
      if (this.#isRepeat(length)) return held.slice(length);
      matches++;
    }
    return held;
  }

  #isRepeat(length: number): boolean {
    if (length <= this.#untold) return true; // expected
    const place = this.#given.length - length;
    const repeat = this.#given.slice(place);
    if (this.#isRefrain(place, repeat)) return false;
    if (length >= clear) return wordCharacter.test(repeat);
    return letter.test(repeat) && wordCharacter.test(repeat[0]!) && !wordCharacter.test(this.#given[place - 1] ?? "");
  }

  /** Whether the text had said it twice running, or says something twice in it: that may well come once more, as cells of a table do. */
  #isRefrain(place: number, repeat: string): boolean {
    for (let shift = 1; shift < repeat.length; shift++) {
      if (shift <= place && this.#given.startsWith(repeat, place - shift)) return true;
      if (shift <= repeat.length / 2 && repeat.startsWith(repeat.slice(shift))) return true;
    }
    const words = wordsOf(repeat);
    const before = wordsOf(this.#given.slice(Math.max(0, place - repeat.length - 4), place));
    return before.endsWith(words) && !wordCharacter.test(before.at(-words.length - 1) ?? "");
  }
}

/** Without what stands around its words. */
function wordsOf(text: string): string {
  return text.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
}

const letter = /\p{L}/u;
const wordCharacter = /[\p{L}\p{N}]/u;
