/** What a member takes besides its text: about what its name, quotes and commas do. */
const each = 16;

/** About how many bytes a value has as JSON. It counts texts by their length and files by their bytes, and reads neither. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length + each;
  if (typeof value !== "object" || value === null) return each;
  if (value instanceof Uint8Array) return value.byteLength + each;
  let size = each;
  if (Array.isArray(value)) for (const item of value) size += sizeOf(item);
  else for (const name in value) size += sizeOf((value as Record<string, unknown>)[name]);
  return size;
}
