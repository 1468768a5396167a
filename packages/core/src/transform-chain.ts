import type { ModelEvent } from "./event.ts";
import type { Emit, Transform } from "./reply-source.ts";

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
