import type { AttemptPlan, BudgetScope } from "@plugboard/core";
import { grown } from "@plugboard/core";
import { countSaid } from "./charge.ts";
import type { Reserved } from "./charge.ts";
import type { Hold } from "./hold.ts";
import { boundOf } from "./worst-case.ts";
import type { Estimate } from "./worst-case.ts";

/** How an answer is paid for that is reserved in slices. */
export interface SliceTerms {
  readonly slice: number;
  /** Whether the tokens of what was said are counted; else they are at most the bytes. */
  readonly counts: boolean;
  readonly estimate: Estimate;
  /** Whether it may go on when the ledger fails. */
  readonly goesOnUnchecked: boolean;
  readonly onExtended: (live: LiveAttempt, amount: number) => void;
  readonly onUnchecked: (live: LiveAttempt) => void;
  /** No more is granted: whoever reads should look whether all that was paid for has been said. */
  readonly onRefused: () => void;
  readonly onFault: (error: unknown) => void;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** An attempt under way: what is held for it and, where that is done in slices, how much of it has been said. */
export class LiveAttempt {
  readonly plan: AttemptPlan;
  readonly scopes: readonly BudgetScope[];
  readonly hold: Hold;
  readonly reserved: Writable<Reserved>;
  /** Tokens of what was said and has been counted. */
  #counted = 0;
  /** What was said since, in bytes; the text is only kept where it is going to be counted. */
  #bytes = 0;
  #text = "";
  /** What the provider told so far. */
  #told = 0;
  #asking = false;
  #refused = false;

  constructor(plan: AttemptPlan, scopes: readonly BudgetScope[], hold: Hold, reserved: Reserved) {
    this.plan = plan;
    this.scopes = scopes;
    this.hold = hold;
    this.reserved = { ...reserved };
  }

  /** Whether all that was paid for has been said, and no more is to be had. */
  get isSpent(): boolean {
    return this.#refused && this.#said >= this.reserved.output;
  }

  /** Tokens said, at most. */
  get #said(): number {
    return Math.max(this.#told, this.#counted + this.#bytes);
  }

  /** So much more was said; asks for another slice half a slice before this one is used up. */
  hear(text: string, bytes: number, told: number, terms: SliceTerms): void {
    if (this.reserved.output >= this.reserved.longest) return;
    this.#bytes += bytes;
    this.#told = Math.max(this.#told, told);
    if (terms.counts) this.#text = grown(this.#text, text);
    if (this.#asking || this.#refused || !this.#isLow(terms.slice / 2)) return;
    this.#asking = true;
    void this.#goOn(terms).finally(() => (this.#asking = false));
  }

  #isLow(ahead: number): boolean {
    const { output, longest } = this.reserved;
    return output < longest && this.#said + ahead > output;
  }

  async #goOn(terms: SliceTerms): Promise<void> {
    if (terms.counts) await this.#recount(terms);
    // Counted, there may be more left than half a slice; a little less is not worth counting for once more.
    while (this.#isLow((terms.slice * 3) / 4) && !this.#refused && !this.hold.over) await this.#extend(terms);
  }

  async #recount({ estimate, onFault }: SliceTerms): Promise<void> {
    const [text, bytes] = [this.#text, this.#bytes];
    let tokens = bytes;
    this.#text = "";
    try {
      const said = countSaid([{ type: "text", text }], "", estimate.count, this.plan);
      tokens = boundOf(await said);
    } catch (error) {
      onFault(error);
    }
    this.#counted += Math.min(tokens, bytes);
    this.#bytes -= bytes;
  }

  async #extend(terms: SliceTerms): Promise<void> {
    const { reserved, plan } = this;
    const output = Math.min(reserved.output + terms.slice, reserved.longest);
    const amount = terms.estimate.dearest.of(reserved.input, output, plan);
    let granted = amount !== undefined;
    try {
      if (granted) granted = (await this.hold.extend(Math.max(0, amount! - reserved.amount))).granted;
    } catch (error) {
      if (this.hold.over) return;
      terms.onFault(error);
      granted = false;
      if (terms.goesOnUnchecked) {
        reserved.output = reserved.longest = Infinity;
        terms.onUnchecked(this);
        return;
      }
    }
    if (granted) {
      terms.onExtended(this, amount! - reserved.amount);
      reserved.amount = amount!;
      reserved.output = output;
    } else {
      this.#refused = true;
      terms.onRefused();
    }
  }
}
