import type { ModelEvent } from "@plugboard/core";

/** What a reader has been given, as far as it decides whether and from where another model can go on. */
export class Given {
  /** The texts, joined. */
  text = "";
  /** The text part that is being said: its index, and what has been said of it; -1 for none. */
  openIndex = -1;
  openText = "";
  /** The highest index. */
  top = -1;

  #thinking = -1;
  /** Something that another model cannot go on from: a tool call, a file, two parts at once. */
  #strange = false;
  /** Text was the last thing said. */
  #inText = false;

  /** Takes in the next event. Called for every event: no object is made. */
  add(event: ModelEvent): void {
    switch (event.type) {
      case "text-delta":
        if (event.index !== this.openIndex) this.#open(event.index);
        this.openText += event.text;
        this.text += event.text;
        this.#inText = true;
        return;
      case "reasoning-delta":
        this.#thinking = event.index;
        this.#inText = false;
        this.#reach(event.index);
        return;
      case "part":
        this.#reach(event.index);
        if (event.index === this.openIndex) this.openIndex = -1;
        else if (event.index === this.#thinking) this.#thinking = -1;
        else if (event.part.type !== "source" && event.part.type !== "opaque")
          this.#strange ||= event.part.type !== "text";
        return;
      case "tool-call-start":
      case "tool-call-delta":
        this.#strange = true;
        this.#reach(event.index);
        return;
      default: // usage, the start, the end
    }
  }

  /** Whether another model can go on: in a text, with nothing but texts, finished thoughts and sources before. */
  get canGoOn(): boolean {
    return this.#inText && this.#thinking === -1 && !this.#strange;
  }

  #open(index: number): void {
    if (this.openIndex !== -1) this.#strange = true;
    this.openIndex = index;
    this.openText = "";
    this.#reach(index);
  }

  #reach(index: number): void {
    if (index > this.top) this.top = index;
  }
}
