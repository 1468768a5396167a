import { inspect } from "node:util";

/** Of no shape that a provider's key has, so that it is not found by its shape. */
export const key = "kappa.7f3e9b21c4d8.lima";
/** Parts of it that are nobody's to show, either: what quotes a text often quotes its beginning or its end. */
export const keyPieces: readonly string[] = [key.slice(0, 10), key.slice(-10)];
/** In every question. */
export const promptMark = "the-vault-opens-at-noon-4471";
export const question: string = `Tell nobody that ${promptMark}. Why is the sky blue?`;

/** Where a text stands in whatever an error, or anything else, would show: in every member, and as it is printed or made JSON of. */
export function showings(value: unknown, text: string): string[] {
  const found = placesOf(value, text);
  if (inspect(value, { depth: 20, maxStringLength: Infinity }).includes(text)) found.push("inspect");
  if (jsonOf(value).includes(text)) found.push("JSON");
  if (value instanceof Error && `${value.message} ${value.stack} ${String(value)}`.includes(text)) found.push("print");
  return found;
}

/**
 * Where a text stands in an object: in its members and theirs, hidden ones, symbols, causes and bytes included.
 *
 * @param except - members that are not looked into, by name
 */
export function placesOf(value: unknown, text: string, except: ReadonlySet<string> = new Set()): string[] {
  const found: string[] = [];
  const seen = new Set<object>();

  function look(part: unknown, path: string): void {
    if (typeof part === "string") {
      if (part.includes(text)) found.push(path);
      return;
    }
    if ((typeof part !== "object" && typeof part !== "function") || part === null || seen.has(part)) return;
    seen.add(part);
    if (ArrayBuffer.isView(part)) {
      if (Buffer.from(part.buffer, part.byteOffset, part.byteLength).includes(text)) found.push(path);
      return;
    }
    if (part instanceof Map || part instanceof Set) {
      for (const member of part as Iterable<unknown>) look(member, `${path}.member`);
    }
    for (const name of Reflect.ownKeys(part)) {
      if (!except.has(String(name)))
        look(Reflect.getOwnPropertyDescriptor(part, name)?.value, `${path}.${String(name)}`);
    }
  }
  look(value, "value");
  return found;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return ""; // it has a circle: `inspect` shows it all the same
  }
}
