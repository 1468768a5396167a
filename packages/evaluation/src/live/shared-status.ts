import type { CacheStore } from "@plugboard/core";
import { isStatus } from "./split-state.ts";
import type { SplitStatus } from "./split-state.ts";

/** How the processes of a fleet hear of each other. Each judges by the calls it made itself; what one decides, all do. */
export interface SharedSplit {
  readonly store: CacheStore;
  /** How many processes decide: each is stricter by it, so that together they roll back by chance no more often. @default 1 */
  readonly processes?: number;
  /** Milliseconds after which a process looks again. @default 1000 */
  readonly refresh?: number;
}

/** What processes tell each other. */
export interface SplitNews {
  readonly status: SplitStatus;
  readonly step: number;
  readonly why: string;
}

/** News are kept for 90 days. */
const lifetime = 90 * 24 * 3600 * 1000;

/** Reads and writes the news of one split. Calls never wait for it. */
export class SharedStatus {
  readonly #name: string;
  readonly #store: CacheStore;
  readonly #refresh: number;
  readonly #fault: (error: unknown) => void;
  #next = 0;

  constructor(name: string, { store, refresh = 1000 }: SharedSplit, fault: (error: unknown) => void) {
    this.#name = name;
    this.#store = store;
    this.#refresh = refresh;
    this.#fault = fault;
  }

  /** Looks for news if it is time to, and tells them when they are there. */
  look(tell: (news: SplitNews) => void): void {
    const now = Date.now();
    if (now < this.#next) return;
    this.#next = now + this.#refresh;
    this.#read(tell).catch(this.#fault);
  }

  tell(news: SplitNews): void {
    const kind = news.status === "rolled-back" ? "rolled-back" : "step";
    this.#store.set(this.#keyOf(kind), JSON.stringify(news), lifetime).catch(this.#fault);
  }

  /** Roll-backs have a place of their own, which no process overwrites that steps up at the same time. */
  #keyOf(kind: "rolled-back" | "step"): string {
    return `plugboard:split:${this.#name}:${kind}`;
  }

  async #read(tell: (news: SplitNews) => void): Promise<void> {
    const text = (await this.#store.get(this.#keyOf("rolled-back"))) ?? (await this.#store.get(this.#keyOf("step")));
    if (text !== undefined) tell(newsIn(text));
  }
}

/** @throws {TypeError} if it is none */
function newsIn(text: string): SplitNews {
  const { status, step, why } = JSON.parse(text) as Partial<SplitNews>;
  if (isStatus(status) && Number.isSafeInteger(step) && typeof why === "string") return { status, step: step!, why };
  throw new TypeError(`What the store has of a split is none of its news: ${text.slice(0, 80)}`);
}
