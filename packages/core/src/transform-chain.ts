import type { ModelEvent } from "./event.ts";
import type { Emit, Transform } from "./reply-source.ts";

/** Whether events of a type bring a piece of a part. */
export function isDelta(type: ModelEvent["type"]): boolean {
  return type === "text-delta" || type === "reasoning-delta" || type === "tool-call-delta";
}

interface Layer {
  /** The type of event it wants; all of them without one. */
  readonly type: ModelEvent["type"] | undefined;
  readonly transform: Transform<never>;
  /** Sends on to the layers after it. */
  readonly emit: Emit;
}

/**
 * Transforms as one function: the first that was added sees an event first, the sink gets what comes out. An event passes the layers
 * that want other types for the price of a comparison.
 */
export class TransformChain {
  readonly #layers: Layer[] = [];
  readonly #sink: { accept(event: ModelEvent): void };
  /** Whether deltas pass as they are: no layer looks at them. */
  leavesDeltas = true;

  constructor(sink: { accept(event: ModelEvent): void }) {
    this.#sink = sink;
  }

  get empty(): boolean {
    return this.#layers.length === 0;
  }

  /** Whether what passes is what was sent, up to the finish. */
  get leavesContent(): boolean {
    return this.#layers.every(({ type }) => type === "finish");
  }

  add(type: ModelEvent["type"] | undefined, transform: Transform<never>): void {
    const next = this.#layers.length + 1;
    if (type === undefined || isDelta(type)) this.leavesDeltas = false;
    this.#layers.push({ type, transform, emit: (event) => this.send(event, next) });
  }

  send(event: ModelEvent, from = 0): void {
    const layers = this.#layers;
    for (let place = from; place < layers.length; place++) {
      const { type, transform, emit } = layers[place]!;
      if (type === undefined || type === event.type) {
        transform(event as never, emit);
        return;
      }
    }
    this.#sink.accept(event);
  }
}
