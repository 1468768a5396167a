import { sha256 } from "./sha256.ts";

/**
 * Writes a value so that equal values read the same: members in order of their names, those that are `undefined` left out, -0 as 0.
 * Bytes stand as their hash and URLs as their text, each marked as no JSON is; functions are left out.
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return value === 0 ? "0" : String(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return value === null ? "null" : ofObject(value);
    case "bigint":
      return `${value}n`;
    default:
      return "null";
  }
}

function ofObject(value: object): string {
  if (Array.isArray(value)) return ofList(value);
  if (value instanceof Uint8Array) return `bytes:${sha256(value)}`;
  if (value instanceof URL) return `url:${JSON.stringify(value.href)}`;
  if ("toJSON" in value && typeof value.toJSON === "function") return canonical(value.toJSON());
  if (value instanceof Map || value instanceof Set) return `items:${ofList([...value])}`;

  return ofMembers(value as Members, Object.keys(value));
}

type Members = Readonly<Record<string, unknown>>;

/** The same of an object without some of its members. */
export function canonicalWithout(value: object, left: ReadonlySet<string>): string {
  return ofMembers(
    value as Members,
    Object.keys(value).filter((name) => !left.has(name)),
  );
}

function ofMembers(members: Members, names: readonly string[]): string {
  let text = "{";
  for (const name of names.toSorted()) {
    const member = members[name];
    if (member === undefined || typeof member === "function" || typeof member === "symbol") continue;
    text += `${text.length > 1 ? "," : ""}${JSON.stringify(name)}:${canonical(member)}`;
  }
  return `${text}}`;
}

function ofList(values: readonly unknown[]): string {
  let text = "[";
  for (let place = 0; place < values.length; place++) text += (place > 0 ? "," : "") + canonical(values[place]);
  return `${text}]`;
}
