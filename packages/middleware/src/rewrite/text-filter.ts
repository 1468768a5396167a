import type { TextRule } from "./text-rule.ts";

/** So much of what was let through is kept, for expressions that look behind them. */
const kept = 64;
/** Beyond so many times the longest match, a text that still matches is looked at only each time that it has grown by a quarter. */
const far = 4;

/**
 * Replaces what rules find in a text that comes in pieces. What might be the beginning of a match is held back, so that the pieces in
 * which it comes make no difference: what is let through is what `whole` makes of all of it.
 */
export class TextFilter {
  readonly #rules: readonly TextRule[];
  /** The text that is held back, after a little of what was not. */
  #text = "";
  #from = 0;
  #lookAt = 0;
  /** All that was let through. */
  total = "";

  constructor(rules: readonly TextRule[]) {
    this.#rules = rules;
  }

  /** What can be let through now. */
  push(piece: string): string {
    this.#text += piece;
    return this.#text.length < this.#lookAt ? "" : this.#pass(false);
  }

  /** The rest: no more comes. */
  end(): string {
    return this.#pass(true);
  }

  #pass(isEnd: boolean): string {
    const text = this.#text;
    let passed = "";
    let from = this.#from;
    let until = text.length;
    this.#lookAt = 0;
    if (!isEnd) for (const rule of this.#rules) until = Math.min(until, rule.undecidedFrom(text, from));

    for (;;) {
      const found = firstMatch(this.#rules, text, from);
      const isOpen = found && !isEnd && (found.at >= until || found.end === text.length);
      if (found && !isOpen) {
        passed += text.slice(from, found.at) + found.rule.replace(text.slice(found.at, found.end));
        from = found.end;
        continue;
      }
      if (found && found.at < until) {
        until = found.at;
        const held = text.length - until;
        if (held > far * found.rule.longest) this.#lookAt = text.length + Math.ceil(held / 4);
      }
      break;
    }
    until = Math.max(from, untorn(text, until));
    passed += text.slice(from, until);
    const start = Math.max(0, until - kept);
    this.#text = text.slice(start);
    this.#from = until - start;
    if (this.#lookAt > 0) this.#lookAt -= start;
    this.total += passed;
    return passed;
  }
}

/** All of a text at once. */
export function filterText(text: string, rules: readonly TextRule[]): string {
  const filter = new TextFilter(rules);
  return filter.push(text) + filter.end();
}

interface Found {
  readonly rule: TextRule;
  readonly at: number;
  readonly end: number;
}

/** The first match of any rule; of several at one place, that of the rule that comes first. */
function firstMatch(rules: readonly TextRule[], text: string, from: number): Found | undefined {
  let first: Found | undefined;
  for (const rule of rules) {
    rule.find.lastIndex = from;
    let match = rule.find.exec(text);
    // What matches nothing says nothing.
    while (match && match[0] === "") {
      rule.find.lastIndex = match.index + 1;
      match = rule.find.exec(text);
    }
    if (match && (!first || match.index < first.at)) {
      first = { rule, at: match.index, end: match.index + match[0].length };
    }
  }
  return first;
}

/** Not between the halves of a character. */
function untorn(text: string, place: number): number {
  const before = text.charCodeAt(place - 1);
  return place > 0 && before >= 0xd800 && before < 0xdc00 ? place - 1 : place;
}
