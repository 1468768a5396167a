/** What the protocol takes for the name of a tool. */
const legal = /^[a-zA-Z0-9_-]{1,64}$/;

/** Gives tools names that the protocol takes, and knows whose they are. Names that may be sent as they are come first, so that a name made up never takes one of theirs. */
export class ToolNames {
  #wires: Map<string, string> | undefined;
  #originals: Map<string, string> | undefined;

  constructor(names: readonly string[]) {
    for (const name of names) if (legal.test(name)) this.#take(name, name);
    for (const name of names) this.toWire(name);
  }

  /** The name on the wire; always the same for the same name. */
  toWire(name: string): string {
    const known = this.#wires?.get(name);
    if (known !== undefined) return known;
    return this.#take(name, legal.test(name) && !this.#originals?.has(name) ? name : this.#invent(name));
  }

  /** The name as the application knows it. */
  fromWire(name: string): string {
    return this.#originals?.get(name) ?? name;
  }

  #take(name: string, wire: string): string {
    (this.#wires ??= new Map()).set(name, wire);
    (this.#originals ??= new Map()).set(wire, name);
    return wire;
  }

  #invent(name: string): string {
    const base = name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64) || "tool";
    let wire = base;
    for (let number = 2; this.#originals?.has(wire); number++) wire = `${base.slice(0, 60)}_${number}`;
    return wire;
  }
}

/**
 * An id of another provider, made short enough; always the same for the same id.
 *
 * @param longest - the most characters that the protocol takes
 */
export function callId(id: string, longest: number = 40): string {
  if (id !== "" && id.length <= longest) return id;
  return `${id.slice(0, longest - 9)}_${hashOf(id, 0x811c9dc5).toString(16).padStart(8, "0")}`;
}

/** An id of exactly so many letters and digits; any other is replaced by one that is, always the same for the same id. */
export function exactCallId(id: string, length: number): string {
  if (id.length === length && /^[a-zA-Z0-9]+$/.test(id)) return id;
  return (digest(id, 0x811c9dc5) + digest(id, 0x01000193)).slice(-length).padStart(length, "0");
}

function digest(id: string, start: number): string {
  return hashOf(id, start).toString(36).padStart(7, "0");
}

/** FNV-1a. */
function hashOf(id: string, start: number): number {
  let hash = start;
  for (let place = 0; place < id.length; place++) hash = Math.imul(hash ^ id.charCodeAt(place), 0x01000193);
  return hash >>> 0;
}
