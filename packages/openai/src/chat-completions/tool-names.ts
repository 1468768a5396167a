/** What the protocol takes for the name of a tool. */
const legal = /^[a-zA-Z0-9_-]{1,64}$/;

/** The longest id of a tool call. */
const longestId = 40;

/** Gives tools names that the protocol takes, and knows whose they are. */
export interface ToolNames {
  /** The name on the wire; always the same for the same name. */
  toWire(name: string): string;
  /** The name as the application knows it. */
  fromWire(name: string): string;
}

/** Names that may be sent as they are come first, so that a name made up never takes one of theirs. */
export function toolNames(names: Iterable<string>): ToolNames {
  const wires = new Map<string, string>();
  const originals = new Map<string, string>();

  function take(name: string, wire: string): string {
    wires.set(name, wire);
    originals.set(wire, name);
    return wire;
  }
  function invent(name: string): string {
    const base = name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64) || "tool";
    let wire = base;
    for (let number = 2; originals.has(wire); number++) wire = `${base.slice(0, 60)}_${number}`;
    return wire;
  }
  function toWire(name: string): string {
    return wires.get(name) ?? take(name, legal.test(name) && !originals.has(name) ? name : invent(name));
  }

  const all = [...names];
  for (const name of all) if (legal.test(name)) take(name, name);
  for (const name of all) toWire(name);
  return { toWire, fromWire: (name) => originals.get(name) ?? name };
}

/** An id of another provider, made short enough; always the same for the same id. */
export function callId(id: string): string {
  if (id !== "" && id.length <= longestId) return id;
  let hash = 0x811c9dc5; // FNV-1a
  for (let place = 0; place < id.length; place++) hash = Math.imul(hash ^ id.charCodeAt(place), 0x01000193);
  return `${id.slice(0, longestId - 9)}_${(hash >>> 0).toString(16).padStart(8, "0")}`;
}
