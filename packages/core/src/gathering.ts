import type { EventOf, Finish, ModelEvent, Start } from "./event.ts";
import { grown } from "./grown.ts";
import type { AssistantPart } from "./part.ts";
import type { ModelResult } from "./result.ts";
import type { Usage } from "./usage.ts";

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const nothingTold: Usage = {};

interface OpenPart {
  readonly type: "text" | "reasoning";
  text: string;
}

/** Adds events up to the answer they carry. */
export class Gathering {
  readonly parts: AssistantPart[] = [];
  start: Start | undefined;
  finish: Finish | undefined;
  usage: Usage = nothingTold;
  /** What was written of a tool call that is not whole: its id, its name, and its arguments so far. It is no part yet, and may be billed. */
  half = "";
  #halfIndex = -1;

  // Nearly every event is a delta of the part of the last one, so that part has fields of its own; others wait in a map.
  #index = -1;
  #type: OpenPart["type"] = "text";
  #text = "";
  #others: Map<number, OpenPart> | undefined;

  /** Takes in the next event, in the order in which they come. */
  add(event: ModelEvent): void {
    switch (event.type) {
      case "text-delta":
        if (event.index === this.#index) this.#text = grown(this.#text, event.text);
        else this.#turnTo(event.index, "text", event.text);
        return;
      case "reasoning-delta":
        if (event.index === this.#index) this.#text = grown(this.#text, event.text);
        else this.#turnTo(event.index, "reasoning", event.text);
        return;
      case "part":
        this.parts[event.index] = event.part;
        if (event.index === this.#halfIndex) this.half = "";
        if (event.index === this.#index) this.#index = -1;
        else this.#others?.delete(event.index);
        return;
      case "tool-call-start":
        this.half += event.id + event.name;
        this.#halfIndex = event.index;
        return;
      case "tool-call-delta":
        this.half = grown(this.half, event.text);
        this.#halfIndex = event.index;
        return;
      case "usage":
        this.usage = event.usage;
        return;
      case "start":
        this.start = event;
        return;
      case "finish":
        this.finish = event;
        this.usage = event.usage;
        return;
      default: // types we do not know are for others
    }
  }

  /** A whole answer at once. */
  take(result: ModelResult): void {
    this.start = startOf(result);
    for (const part of result.content) this.parts.push(part);
    this.finish = finishOf(result);
    this.usage = result.usage;
  }

  #turnTo(index: number, type: OpenPart["type"], text: string): void {
    if (this.#index >= 0) (this.#others ??= new Map()).set(this.#index, { type: this.#type, text: this.#text });
    const before = this.#others?.get(index);
    if (before) this.#others!.delete(index);
    this.#index = index;
    this.#type = type;
    this.#text = before ? before.text + text : text;
  }

  /** The events that would close what is still open, in order. A tool call cut short is not one to run, and is left out. */
  open(): EventOf<"part">[] {
    const open: EventOf<"part">[] = [];
    for (const [index, { type, text }] of this.#others ?? []) open.push({ type: "part", index, part: { type, text } });
    if (this.#index >= 0) {
      open.push({ type: "part", index: this.#index, part: { type: this.#type, text: this.#text } });
    }
    return open.toSorted((a, b) => a.index - b.index);
  }

  /** What has been said so far; once finished, the answer. */
  get result(): ModelResult {
    let content = this.parts;
    if (this.#index >= 0 || this.#others?.size) {
      content = [...content];
      for (const { index, part } of this.open()) content[index] = part;
    }
    return resultOf(this.start, content, this.finish ?? { finishReason: "unfinished", usage: this.usage });
  }
}

/** What a result says that a start says. */
export function startOf(result: ModelResult): Start {
  const start: Writable<Start> = { model: result.model };
  addStart(start, result);
  if (result.warnings.length > 0) start.warnings = result.warnings;
  return start;
}

/** What a result says that a finish says. */
export function finishOf(result: ModelResult): Finish {
  const finish: Finish = { finishReason: result.finishReason, usage: result.usage };
  addFinish(finish, result);
  return finish;
}

/** A result from its pieces; `parts` may have holes, where an index was never closed. */
export function resultOf(start: Start | undefined, parts: readonly AssistantPart[], finish: Finish): ModelResult {
  const content: AssistantPart[] = [];
  for (const part of parts) if (part) content.push(part);
  const result: ModelResult = {
    model: start?.model ?? "",
    content,
    finishReason: finish.finishReason,
    usage: finish.usage,
    warnings: start?.warnings ? [...start.warnings, ...(finish.warnings ?? [])] : (finish.warnings ?? []),
  };
  if (start) addStart(result, start);
  addFinish(result, finish);
  return result;
}

// Member by member: spreads of objects with optional members were the dearest lines of a call.

function addStart(to: Writable<Start>, { id, created, headers }: Start): void {
  if (id !== undefined) to.id = id;
  if (created !== undefined) to.created = created;
  if (headers) to.headers = headers;
}

function addFinish(to: Writable<Finish>, finish: Finish): void {
  const { rawFinishReason, cached, providerData, attempts, cost } = finish;
  if (rawFinishReason !== undefined) to.rawFinishReason = rawFinishReason;
  if (cached) to.cached = true;
  if (providerData) to.providerData = providerData;
  if (attempts) to.attempts = attempts;
  if (cost) to.cost = cost;
}
