import type { Json } from "@plugboard/core";
import { leavesOf, membersOf, valueAt, withValueAt, withoutPath } from "./json-path.ts";
import type { JsonPath, Leaf } from "./json-path.ts";

/** What is looked through for what a reader made nothing of. */
export interface Reading {
  /** What was read. */
  readonly json: Json;
  /** The list of what was said, whose items are looked at one by one; none where the value is that list itself. */
  readonly list?: string | undefined;
  /** What a conversation is made of it, as a text that tells two of them apart. @throws for what is none */
  readonly read: (json: Json) => Promise<string>;
  /** What was read, as its format has it when the conversation is written again. */
  readonly again: Json | undefined;
  /** What is told elsewhere, and is not looked at. */
  readonly told: (path: JsonPath) => boolean;
}

/** What makes no difference: taken away, or with another value in its place. */
interface Unread {
  readonly path: JsonPath;
  readonly instead?: Json;
}

/**
 * What of a value is not in the conversation that was read from it, each as a whole and as high up as it can be told. It is found by
 * trying: what makes no difference when it is taken away was not read. What stands there again once the conversation is written follows
 * from the rest, and is not looked at; so a value that a format wrote itself costs one comparison.
 */
export async function unreadPaths(reading: Reading): Promise<JsonPath[]> {
  const missing = missingLeaves(reading);
  if (missing.length === 0) return [];
  const { json, list, read } = reading;
  const root: JsonPath = list === undefined || Array.isArray(json) ? [] : [list];
  const items = valueAt(json, root);
  const places = Array.isArray(items) ? items.map((_, place) => root.concat(place)) : [];
  const found: Unread[] = [];

  // Item by item, so that a long conversation is not read again for each member of each.
  const rest = missing.filter(({ path }) => !startsWith(path, root) || path.length <= root.length);
  if (rest.length > 0) {
    const short =
      places.length > 1 ? await trialOf(withValueAt(json, root, [valueAt(json, places[0]!)!]), read) : undefined;
    const trial = short ?? (await trialOf(json, read));
    if (trial) found.push(...(await unreadBelow([], rest, trial, reading.again)));
  }
  const byItem = Map.groupBy(
    missing.filter((leaf) => !rest.includes(leaf)),
    ({ path }) => path[root.length] as number,
  );
  for (const [place, leaves] of byItem) {
    const path: JsonPath = [...root, place];
    const single = await alone(reading, root, path);
    const trial = single ?? (await trialOf(json, read));
    if (!trial) continue;
    const offset = single ? [...root, 0] : path;
    const moved = leaves.map(({ value, path: at }): Leaf => ({ value, path: offset.concat(at.slice(path.length)) }));
    const unread = await unreadBelow(offset, moved, trial, withItem(reading.again, path, offset));
    for (const each of unread) found.push({ ...each, path: [...path, ...each.path.slice(offset.length)] });
  }
  return (await unreadAmong(found, reading)).map(({ path }) => path);
}

/** What is taken away from, and what it reads as before. */
interface Trial {
  readonly json: Json;
  readonly before: string;
  readonly read: (json: Json) => Promise<string>;
}

async function trialOf(json: Json, read: Reading["read"]): Promise<Trial | undefined> {
  try {
    return { json, before: await read(json), read };
  } catch {
    return undefined;
  }
}

/** One item with nothing around it, if that is a conversation. */
async function alone({ json, list, read }: Reading, root: JsonPath, path: JsonPath): Promise<Trial | undefined> {
  const item = [valueAt(json, path) ?? null];
  return trialOf(root.length === 0 || list === undefined ? item : { [list]: item }, read);
}

function withItem(again: Json | undefined, from: JsonPath, to: JsonPath): Json | undefined {
  const item = valueAt(again, from);
  if (item === undefined) return undefined;
  return to.length === 1 ? [item] : { [to[0]!]: [item] };
}

/** Leaves that the rewritten value has fewer of, by where they stand but for places in lists. */
function missingLeaves({ json, again, told }: Reading): Leaf[] {
  const counts = new Map<string, number>();
  for (const leaf of leavesOf(again)) counts.set(keyOf(leaf), (counts.get(keyOf(leaf)) ?? 0) + 1);
  const leaves = leavesOf(json).filter(({ path }) => !told(path));
  const keys = leaves.map(keyOf);
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) - 1);
  return leaves.filter((_, place) => counts.get(keys[place]!)! < 0);
}

function keyOf({ path, value }: Leaf): string {
  return JSON.stringify([path.map((name) => (typeof name === "number" ? 0 : name)), value]);
}

/** Looks for the highest values below a path that make no difference. */
async function unreadBelow(
  path: JsonPath,
  missing: readonly Leaf[],
  trial: Trial,
  again: Json | undefined,
): Promise<Unread[]> {
  const here = missing.filter((leaf) => startsWith(leaf.path, path));
  if (here.length === 0) return [];
  const value = valueAt(trial.json, path);
  const isWhole = path.length > 0 && here.length === leavesOf(value).length;
  if (isWhole && (await isSame(without(trial.json, [{ path }]), trial))) return [{ path }];
  if (typeof value !== "object") {
    if (path.length === 0) return []; // a value that is one text is not in any place of it
    // Needed, but not for what it says: another value reads the same.
    for (const instead of [valueAt(again, path), otherThan(value)]) {
      if (instead === undefined || typeof instead !== typeof value || instead === value) continue;
      if (await isSame(without(trial.json, [{ path, instead }]), trial)) return [{ path, instead }];
    }
    return [];
  }
  const found: Unread[] = [];
  for (const [name] of membersOf(value)) found.push(...(await unreadBelow([...path, name], here, trial, again)));
  return found;
}

function otherThan(value: Json | undefined): Json | undefined {
  if (typeof value === "string") return `${value}~`;
  if (typeof value === "number") return value + 1;
  return typeof value === "boolean" ? !value : undefined;
}

async function isSame(json: Json, { before, read }: Trial): Promise<boolean> {
  try {
    return (await read(json)) === before;
  } catch {
    return false;
  }
}

/** Those that make no difference where they stand: mostly all of them together, which is one reading, else each by itself. */
async function unreadAmong(found: readonly Unread[], { json, read }: Reading): Promise<readonly Unread[]> {
  if (found.length === 0) return found;
  const trial = await trialOf(json, read);
  if (!trial || (await isSame(without(json, found), trial))) return found;
  const unread: Unread[] = [];
  for (const each of found) if (await isSame(without(json, [each]), trial)) unread.push(each);
  return unread;
}

/** The last first, so that places in lists stay true. */
function without(json: Json, unread: readonly Unread[]): Json {
  let rest = json;
  for (const { path, instead } of unread.toReversed())
    rest = instead === undefined ? withoutPath(rest, path) : withValueAt(rest, path, instead);
  return rest;
}

function startsWith(path: JsonPath, start: JsonPath): boolean {
  return start.every((name, place) => path[place] === name);
}
