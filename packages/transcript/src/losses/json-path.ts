import type { Json, JsonObject } from "@plugboard/core";

/** The way to a value within another: names of members and places in lists. */
export type JsonPath = readonly (string | number)[];

/** A value that has nothing in it. */
export interface Leaf {
  readonly path: JsonPath;
  readonly value: string | number | boolean;
}

/** The texts, numbers and flags of a value, in order. Null, and a list or an object without members, say nothing. */
export function leavesOf(json: Json | undefined, path: JsonPath = []): Leaf[] {
  const leaves: Leaf[] = [];
  addLeaves(json, path, leaves);
  return leaves;
}

function addLeaves(json: Json | undefined, path: JsonPath, leaves: Leaf[]): void {
  if (json === undefined || json === null) return;
  if (typeof json !== "object") leaves.push({ path, value: json });
  else for (const [name, member] of membersOf(json)) addLeaves(member, [...path, name], leaves);
}

/** The members of an object by their names, or the items of a list by their places. */
export function membersOf(
  json: Json | undefined,
): readonly (readonly [name: string | number, value: Json | undefined])[] {
  if (isList(json)) return json.map((item, place) => [place, item] as const);
  return typeof json === "object" && json !== null ? Object.entries(json) : [];
}

/** What stands at a path, if anything does. */
export function valueAt(json: Json | undefined, path: JsonPath): Json | undefined {
  let value = json;
  for (const name of path) {
    if (isList(value)) value = typeof name === "number" ? value[name] : undefined;
    else if (typeof value === "object" && value !== null && Object.hasOwn(value, name)) value = value[name];
    else return undefined;
  }
  return value;
}

/** The same without what stands at a path; what follows it in a list moves up. */
export function withoutPath(json: Json, path: JsonPath): Json {
  return changed(json, path, undefined);
}

/** The same with another value at a path that is there. */
export function withValueAt(json: Json, path: JsonPath, value: Json): Json {
  return changed(json, path, value);
}

function changed(json: Json, [name, ...rest]: JsonPath, value: Json | undefined): Json {
  if (name === undefined) return value ?? null;
  if (isList(json)) {
    const place = Number(name);
    const item = json[place];
    if (item === undefined) return json;
    if (rest.length > 0) return json.with(place, changed(item, rest, value));
    return value === undefined ? json.toSpliced(place, 1) : json.with(place, value);
  }
  const object = json as JsonObject;
  const member = object[name];
  if (member === undefined) return json;
  if (rest.length > 0) return { ...object, [name]: changed(member, rest, value) };
  if (value !== undefined) return { ...object, [name]: value };
  const { [name]: _, ...others } = object;
  return others;
}

/** A path as sentences have it: `messages[2].content`; a list by itself is called as it is called in an object. */
export function pathText([first, ...rest]: JsonPath, list = "messages"): string {
  const start = typeof first === "number" ? `${list}[${first}]` : String(first);
  return start + rest.map((name) => (typeof name === "number" ? `[${name}]` : `.${name}`)).join("");
}

/** The path that a text tells, in a value that has it: `messages[2].content` or `messages.2.content`. */
export function pathIn(json: Json, text: string): JsonPath | undefined {
  const path: (string | number)[] = [];
  let value: Json | undefined = json;
  const names = text.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  for (const name of isList(json) ? names.slice(1) : names) {
    const place = isList(value) ? Number(name) : name;
    if (value === undefined || Number.isNaN(place)) return undefined;
    path.push(place);
    value = valueAt(value, [place]);
  }
  return path;
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
