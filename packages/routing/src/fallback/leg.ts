import { addUsage } from "@plugboard/core";
import type { EventOf, ModelEvent, TextPart, Usage, Warning } from "@plugboard/core";
import type { Given } from "./given.ts";
import type { Overlap } from "./overlap.ts";

/** What a leg goes on from. */
export interface LegStart {
  /** What the reader has; what this leg gives is added to it. */
  readonly given: Given;
  readonly overlap: Overlap;
  /** Of the legs before. */
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
}

/**
 * Makes of the events of a model that goes on those of the whole answer: its text is joined to the part that broke off, without what it
 * repeats; its other parts get the indexes that follow; the usage of the legs before is added.
 */
export class Leg {
  readonly #given: Given;
  readonly #usage: Usage;
  readonly #warnings: Warning[];
  /** Finds what its first text repeats; none once that is known. */
  #overlap: Overlap | undefined;
  /** The index of its first text. */
  #first = -1;
  /** What is added to its indexes; unknown until it has said something. */
  #shift: number | undefined;

  constructor({ given, overlap, usage, warnings }: LegStart) {
    this.#given = given;
    this.#overlap = overlap;
    this.#usage = usage;
    this.#warnings = [...warnings];
  }

  /** One read of it, as it is given on. */
  read(events: readonly ModelEvent[]): ModelEvent[] {
    const out: ModelEvent[] = [];
    for (const event of events) this.#take(event, out);
    return out;
  }

  #take(event: ModelEvent, out: ModelEvent[]): void {
    switch (event.type) {
      case "start":
        if (event.warnings) this.#warnings.push(...event.warnings);
        return;
      case "usage":
        out.push({ type: "usage", usage: addUsage(this.#usage, event.usage) });
        return;
      case "finish":
        this.#finish(event, out);
        return;
      case "text-delta":
        if (event.text === "") return;
        if (this.#first === -1) this.#begin(event.index, out);
        if (event.index === this.#first && this.#overlap) this.#say(this.#overlap.add(event.text), out);
        else this.#give(shifted(event, this.#shift!), out);
        return;
      case "part":
        if (event.part.type === "text" && event.index === this.#first) this.#close(event.index, event.part, out);
        else if (event.part.type !== "text" || event.part.text !== "") this.#pass(event, out);
        return;
      default:
        this.#pass(event, out);
    }
  }

  /** Its first text: joined to the part that broke off, if it is the first thing that it says. */
  #begin(index: number, out: ModelEvent[]): void {
    this.#first = index;
    if (this.#shift !== undefined) return;
    const { openIndex } = this.#given;
    if (openIndex === -1 || index !== 0) this.#startAnew(out);
    else this.#shift = openIndex;
  }

  /** It says something else first: the part that broke off ends there, and what comes follows it. */
  #startAnew(out: ModelEvent[]): void {
    const { openIndex: index, openText: text } = this.#given;
    if (index !== -1) this.#give({ type: "part", index, part: { type: "text", text } }, out);
    this.#shift = this.#given.top + 1;
  }

  #pass(event: Exclude<ModelEvent, { type: "start" | "usage" | "finish" }>, out: ModelEvent[]): void {
    if (this.#shift === undefined) this.#startAnew(out);
    this.#give(shifted(event, this.#shift!), out);
  }

  /** Text that is known to be new. */
  #say(text: string | undefined, out: ModelEvent[]): void {
    if (text === undefined) return;
    this.#overlap = undefined;
    if (text !== "") this.#give({ type: "text-delta", index: this.#first + this.#shift!, text }, out);
  }

  #close(index: number, part: TextPart, out: ModelEvent[]): void {
    if (this.#overlap) this.#say(this.#overlap.end(), out);
    const at = index + this.#shift!;
    const text = this.#given.openIndex === at ? this.#given.openText : "";
    if (text === "") return; // it said nothing new
    const moved = text.length - part.text.length; // by what was carried over, less what was repeated
    const citations = part.citations?.map(({ start, end, ...citation }) => ({
      ...citation,
      ...(start !== undefined && { start: Math.max(0, start + moved) }),
      ...(end !== undefined && { end: Math.max(0, end + moved) }),
    }));
    this.#give({ type: "part", index: at, part: { ...part, text, ...(citations && { citations }) } }, out);
  }

  #finish({ cached: _, ...finish }: EventOf<"finish">, out: ModelEvent[]): void {
    const warnings = [...this.#warnings, ...(finish.warnings ?? [])];
    out.push({ ...finish, usage: addUsage(this.#usage, finish.usage), warnings });
  }

  #give(event: ModelEvent, out: ModelEvent[]): void {
    this.#given.add(event);
    out.push(event);
  }
}

/** The same event at its index of the whole; written out, since it is done to every delta. */
function shifted(
  event: Exclude<ModelEvent, { type: "start" | "usage" | "finish" }>,
  shift: number,
): Exclude<ModelEvent, { type: "start" | "usage" | "finish" }> {
  if (shift === 0) return event;
  const index = event.index + shift;
  switch (event.type) {
    case "text-delta":
      return { type: "text-delta", index, text: event.text };
    case "reasoning-delta":
      return { type: "reasoning-delta", index, text: event.text };
    case "tool-call-delta":
      return { type: "tool-call-delta", index, text: event.text };
    case "tool-call-start":
      return { type: "tool-call-start", index, id: event.id, name: event.name };
    case "part":
      return { type: "part", index, part: event.part };
    default: // a type that this version does not know
      return event;
  }
}
