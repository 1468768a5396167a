import type { Warning } from "@plugboard/core";

/** Names on both sides of the wire. */
export interface LegalNames {
  /** The name on the wire; always the same for the same name. */
  readonly toWire: (name: string) => string;
  /** The application's name; the name itself where it is not one that was given out. */
  readonly toOurs: (wireName: string) => string;
}

/** What a provider takes as a name. */
export interface NameRules {
  /** The nearest name that the provider takes; a legal one is left as it is. */
  readonly legal: (name: string) => string;
  /** Characters that a name may have. */
  readonly longest: number;
  /** Names that are settled: ours, and that on the wire. */
  readonly settled?: Iterable<readonly [name: string, wireName: string]>;
}

/**
 * Gives names that a provider takes to tools that have others, and knows whose they are. Those of `names` that are legal are settled
 * first, so that a name made up never takes one of theirs.
 *
 * @example
 * const names = legalNames(["look up"], { legal: (name) => name.replaceAll(" ", "_"), longest: 64 });
 * names.toWire("look up"); // "look_up"
 * names.toOurs("look_up"); // "look up"
 */
export function legalNames(names: readonly string[], rules: NameRules): LegalNames {
  const { legal, longest, settled } = rules;
  // Made with the first name: most calls have no tools, and a stream holds the names for as long as it is open.
  let pairs: Pairs | undefined;
  if (settled) for (const [name, wireName] of settled) (pairs ??= new Pairs()).add(name, wireName);
  for (const name of names) if (legal(name) === name) (pairs ??= new Pairs()).add(name, name);

  return {
    toWire(name) {
      pairs ??= new Pairs();
      const known = pairs.wire.get(name);
      if (known !== undefined) return known;
      const wanted = legal(name);
      let free = wanted;
      for (let number = 2; pairs.ours.has(free); number++) free = `${wanted.slice(0, longest - 4)}_${number}`;
      pairs.add(name, free);
      return free;
    },
    toOurs: (wireName) => pairs?.ours.get(wireName) ?? wireName,
  };
}

/** Names that were given out. */
class Pairs {
  readonly wire: Map<string, string> = new Map();
  readonly ours: Map<string, string> = new Map();

  add(name: string, wireName: string): void {
    this.wire.set(name, wireName);
    if (!this.ours.has(wireName)) this.ours.set(wireName, name);
  }
}

/** The name of a tool on the wire, with a warning where it is not the application's. */
export function wireToolName(name: string, path: string, names: LegalNames, warn: (warning: Warning) => void): string {
  const wireName = names.toWire(name);
  if (wireName !== name) {
    warn({ code: "adapted", path: `${path}.name`, message: `${name} is called ${wireName} on the wire.` });
  }
  return wireName;
}
