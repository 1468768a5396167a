import type { ModelEvent } from "./event.ts";
import type { Emit, Transform } from "./reply-source.ts";

/** Whether events of a type bring a piece of a part. */
export function isDelta(type: ModelEvent["type"]): boolean {
  return type === "text-delta" || type === "reasoning-delta" || type === "tool-call-delta";
}

/** Looks at what passes its place of the chain, and changes nothing. */
export interface Witness {
  see(event: ModelEvent): void;
}

interface Layer {
  /** The type of event it wants; all of them without one. */
  readonly type: ModelEvent["type"] | undefined;
  /** Without one it is a witness's. */
  readonly transform: Transform<never> | undefined;
  readonly witness: Witness | undefined;
  /** Sends on to the layers after it. Most layers want the finish alone, so it is made when that comes. */
  emit: Emit | undefined;
  next: Layer | undefined;
}

/**
 * Transforms as one function: the first that was added sees an event first, the sink gets what comes out. An event passes the layers
 * that want other types for the price of a comparison.
 *
 * They are linked, not in an array: one that is pushed to has room for seventeen.
 */
export class TransformChain {
  readonly #sink: { accept(event: ModelEvent): void };
  #first: Layer | undefined;
  #last: Layer | undefined;
  /** Whether deltas pass as they are: no layer changes them. */
  leavesDeltas = true;
  /** Whether what passes is what was sent, up to the finish. */
  leavesContent = true;

  constructor(sink: { accept(event: ModelEvent): void }) {
    this.#sink = sink;
  }

  get empty(): boolean {
    return this.#first === undefined;
  }

  add(type: ModelEvent["type"] | undefined, transform: Transform<never>): void {
    if (type === undefined || isDelta(type)) this.leavesDeltas = false;
    if (type !== "finish") this.leavesContent = false;
    this.#append({ type, transform, witness: undefined, emit: undefined, next: undefined });
  }

  /** Shows what passes here to a witness: the deltas too, but only where some layer changes them. */
  show(witness: Witness): void {
    this.#append({ type: undefined, transform: undefined, witness, emit: undefined, next: undefined });
  }

  send(event: ModelEvent): void {
    this.#pass(event, this.#first);
  }

  #append(layer: Layer): void {
    if (this.#last) this.#last.next = layer;
    else this.#first = layer;
    this.#last = layer;
  }

  #pass(event: ModelEvent, from: Layer | undefined): void {
    for (let layer = from; layer; layer = layer.next) {
      const { type, transform } = layer;
      if (!transform) layer.witness!.see(event);
      else if (type === undefined || type === event.type) {
        transform(event as never, layer.emit ?? this.#emitAfter(layer));
        return;
      }
    }
    this.#sink.accept(event);
  }

  #emitAfter(layer: Layer): Emit {
    return (layer.emit = (event) => this.#pass(event, layer.next));
  }
}
