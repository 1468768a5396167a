import type { ModelEvent, ModelReply, ReplySource, Usage } from "@plugboard/core";
import { bytesOf } from "./count-bytes.ts";
import type { LiveAttempt, SliceTerms } from "./live-attempt.ts";

type Give = (events: readonly ModelEvent[] | undefined) => void;

/** What providers put around a tool call, in tokens at most. */
const perToolCall = 64;

/**
 * A reply that is paid for in slices, read through a counter. When no more is granted and what was paid for has been said, it ends
 * there: the wire is closed, and whoever reads is told a finish. What is open then is closed by the flow that reads it; a tool call that
 * is not whole is left out.
 */
export class MeteredSource implements ReplySource {
  readonly #reply: ModelReply;
  readonly #running: readonly LiveAttempt[];
  readonly #terms: SliceTerms;
  readonly #onCut: () => void;
  #give: Give | undefined;
  #fail: ((error: unknown) => void) | undefined;
  #over = false;
  #usage: Usage = {};

  constructor(reply: ModelReply, running: readonly LiveAttempt[], terms: SliceTerms, onCut: () => void) {
    this.#reply = reply;
    this.#running = running;
    this.#terms = terms;
    this.#onCut = onCut;
  }

  pull(): Promise<readonly ModelEvent[] | undefined> {
    return new Promise((resolve, reject) => this.take(resolve, reject));
  }

  take(give: Give, fail: (error: unknown) => void): void {
    if (this.#over) give(undefined);
    else if (this.#isSpent) give([this.#cut()]);
    else {
      this.#give = give;
      this.#fail = fail;
      this.#reply.take(this.#onEvents, this.#onFailure);
    }
  }

  cancel(): void {
    this.#over = true;
    this.#reply.cancel();
  }

  /** No more is granted: ends at once where all has been said, though the provider may be silent for now. */
  look(): void {
    const give = this.#give;
    if (this.#over || !give || !this.#isSpent) return;
    this.#give = undefined;
    give([this.#cut()]);
  }

  readonly #onEvents: Give = (events) => {
    const give = this.#give;
    if (this.#over || !give) return;
    this.#give = undefined;
    if (!events) {
      this.#over = true;
      give(undefined);
      return;
    }
    this.#hear(events);
    // With its finish an attempt is over, and there is nothing to cut.
    give(this.#isSpent ? [...events, this.#cut()] : events);
  };

  readonly #onFailure = (error: unknown): void => {
    if (this.#over) return;
    this.#over = true;
    this.#fail?.(error);
  };

  get #isSpent(): boolean {
    for (const live of this.#running) if (live.isSpent) return true;
    return false;
  }

  #hear(events: readonly ModelEvent[]): void {
    let text = "";
    let calls = 0;
    let told = 0;
    for (const event of events) {
      switch (event.type) {
        case "text-delta":
        case "reasoning-delta":
        case "tool-call-delta":
          text += event.text;
          break;
        case "tool-call-start":
          text += event.id + event.name;
          calls++;
          break;
        case "usage":
          this.#usage = event.usage;
          told = event.usage.output ?? told;
          break;
        default: // parts repeat what their deltas said
      }
    }
    const bytes = bytesOf(text) + calls * perToolCall;
    // Where several are under way, any of them may have said it.
    for (const live of this.#running) live.hear(text, bytes, told, this.#terms);
  }

  #cut(): ModelEvent {
    this.#over = true;
    this.#onCut();
    // Before the finish is told, so that the attempt is over and charged by then.
    this.#reply.cancel();
    return { type: "finish", finishReason: "budget", usage: this.#usage };
  }
}
