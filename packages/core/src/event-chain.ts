import type { ModelEvent } from "./event.ts";
import type { Emit, Transform } from "./reply-source.ts";

/** A transform, and the type of event it wants; without a type, all of them. */
export interface Layer {
  readonly type: ModelEvent["type"] | undefined;
  readonly transform: Transform<never>;
}

type Handler = (event: ModelEvent) => void;
type Chain = Record<ModelEvent["type"] | typeof rest, Handler>;

/** The events of types that this version does not know. */
const rest: unique symbol = Symbol("rest");

/**
 * Fuses transforms into one function: the first layer sees an event first, `sink` gets what comes out.
 * A type that no layer wants goes straight to the sink, so layers cost nothing for the events that they let pass.
 */
export function fuse(layers: readonly Layer[], sink: Emit): Emit {
  let chain = allTo(sink);
  for (let place = layers.length - 1; place >= 0; place--) {
    const { type, transform } = layers[place]!;
    const emit = entryOf(chain);
    const handle: Handler = (event) => transform(event as never, emit);
    chain = type === undefined ? allTo(handle) : { ...chain, [type]: handle };
  }
  return entryOf(chain);
}

function allTo(handle: Handler): Chain {
  return {
    start: handle,
    "text-delta": handle,
    "reasoning-delta": handle,
    "tool-call-start": handle,
    "tool-call-delta": handle,
    part: handle,
    usage: handle,
    finish: handle,
    [rest]: handle,
  };
}

function entryOf(chain: Chain): Emit {
  return (event) => (chain[event.type] ?? chain[rest])(event);
}
