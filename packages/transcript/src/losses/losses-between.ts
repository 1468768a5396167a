import type { FunctionTool, Tool, Warning } from "@plugboard/core";
import type { Conversation } from "../conversation.ts";
import type { Loss } from "../format.ts";
import { sortedJson } from "../sorted-json.ts";
import { atomsOf, ownedOf } from "./atom.ts";
import type { Atom, Attribute } from "./atom.ts";
import { matchedAtoms } from "./matched-atoms.ts";

/** What a conversation is compared for. */
export interface Comparison {
  /** As it was before. */
  readonly before: Conversation;
  /** As it reads after. */
  readonly after: Conversation;
  /** Who wrote it, for the sentences. */
  readonly title: string;
  /** What the writer said of what it did. */
  readonly warnings: readonly Warning[];
}

/**
 * What one conversation has and another has not: every part, every member of a part, every note. It is told by comparing the two, so
 * nothing is lost unseen and nothing is told that is still there.
 */
export function lossesBetween({ before, after, title, warnings }: Comparison): Loss[] {
  const losses: Omit<Loss, "why">[] = [...conversationLosses(before, after), ...toolLosses(before, after)];
  const atoms = atomsOf(before);
  const others = atomsOf(after);
  const { found, rest } = matchedAtoms(atoms, others);
  const kept = longestRise(found.filter((place) => place >= 0));
  losses.push(...attributesLost(notesIn(atoms), notesIn(others)));
  atoms.forEach((atom, index) => {
    const place = found[index]!;
    if (place < 0) {
      const alike = rest.filter(({ kind, role }) => kind === atom.kind && role === atom.role);
      for (const piece of atom.pieces) {
        const stands = piece.text !== "" && alike.some(({ text }) => text?.includes(piece.text) === true);
        if (!stands && (piece.text !== "" || atom.kind !== "text")) losses.push({ path: piece.path, what: atom.kind });
      }
      // What it had besides is lost with it, but for pieces that stand elsewhere.
      return;
    }
    const other = others[place]!;
    losses.push(...attributeLosses(atom, other.attributes));
    if (!kept.has(place)) losses.push({ path: atom.pieces[0]!.path, what: "place" });
  });
  return losses.map(({ path, what }) => ({ path, what, why: reasonFor(path, what, title, warnings) }));
}

function notesIn(atoms: readonly Atom[]): Attribute[] {
  return atoms.flatMap(({ attributes }) => attributes.filter(({ isNote }) => isNote));
}

function attributeLosses({ attributes, kind }: Atom, others: readonly Attribute[]): Omit<Loss, "why">[] {
  return (
    attributes
      .filter((attribute) => !attribute.isNote && !others.some((other) => isSame(attribute, other)))
      // The tool of a result is told by its call.
      .filter(({ what }) => !(kind === "tool-result" && (what === "name" || what === "id")))
      .map(({ what, path }) => ({ path, what }))
  );
}

/** The signatures of Claude are the same ones on Bedrock, and each takes the other's. */
const kin: Readonly<Record<string, string>> = {
  "providerData.bedrock.signature": "providerData.anthropic.signature",
};

function isSame(one: Attribute, other: Attribute): boolean {
  return one.value === other.value && (kin[one.what] ?? one.what) === (kin[other.what] ?? other.what);
}

function conversationLosses(before: Conversation, after: Conversation): Omit<Loss, "why">[] {
  const members = ["id", "title", "created", "model"] as const;
  return [
    ...members
      .filter((member) => before[member] !== undefined && before[member] !== after[member])
      .map((member) => ({ path: member, what: member })),
    ...attributesLost(ownedOf(before, "providerData"), ownedOf(after, "providerData")),
  ];
}

function attributesLost(before: readonly Attribute[], after: readonly Attribute[]): Omit<Loss, "why">[] {
  return before
    .filter((attribute) => !after.some((other) => isSame(attribute, other)))
    .map(({ what, path }) => ({ path, what }));
}

function toolLosses({ tools = [] }: Conversation, { tools: others = [] }: Conversation): Omit<Loss, "why">[] {
  const taken = new Set<Tool>();
  return tools.flatMap((tool, place): Omit<Loss, "why">[] => {
    const path = `tools[${place}]`;
    const other =
      others.find((each) => !taken.has(each) && nameOf(each) === nameOf(tool)) ??
      others.find((each) => !taken.has(each) && shapeOf(each) === shapeOf(tool));
    if (!other) return [{ path, what: "tool" }];
    taken.add(other);
    const now = new Map(membersOf(other));
    const lost = membersOf(tool).filter(([name, value]) => now.get(name) !== value);
    return [
      ...lost.map(([name]) => ({ path: `${path}.${name}`, what: name })),
      ...attributesLost(ownedOf(tool, path), ownedOf(other, path)),
    ];
  });
}

function nameOf(tool: Tool): string {
  return tool.type === "provider" ? `${tool.id} ${tool.name ?? ""}` : tool.name;
}

function shapeOf(tool: Tool): string {
  return sortedJson(tool.type === "provider" ? tool.options : tool.input);
}

/** Members of a tool that a format may or may not have a place for; what says nothing is none. */
function membersOf(tool: Tool): [string, string][] {
  const { name, description, input, strict, options, id } = tool as Partial<FunctionTool> & {
    readonly options?: unknown;
    readonly id?: string;
  };
  return Object.entries({ name, description, input, strict, options, id }).flatMap(([member, value]) =>
    value === undefined || value === "" ? [] : [[member, sortedJson(value)]],
  );
}

/** What the writer said of the place, or else of what stands around it. */
function reasonFor(path: string, what: string, title: string, warnings: readonly Warning[]): string {
  const said = warnings
    .filter((warning) => warning.path !== undefined && (path.startsWith(warning.path) || warning.path.startsWith(path)))
    .toSorted((a, b) => b.path!.length - a.path!.length);
  const [nearest] = said;
  if (nearest) return nearest.message;
  if (what === "boundary") return `${title} joins messages of one speaker in a row.`;
  if (what === "place") return `${title} has it in another place.`;
  if (what === "message") return "The message says nothing.";
  return `${title} has no place for it.`;
}

/** Of places, those that rise: the most that can stay in order. */
function longestRise(places: readonly number[]): Set<number> {
  const tails: number[] = []; // the index of the least last place of a rise of each length
  const previous: (number | undefined)[] = [];
  places.forEach((place, index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[tails[middle]!]! <= place) low = middle + 1;
      else high = middle;
    }
    previous[index] = tails[low - 1];
    tails[low] = index;
  });
  const rise = new Set<number>();
  for (let index = tails.at(-1); index !== undefined; index = previous[index]) rise.add(places[index]!);
  return rise;
}
