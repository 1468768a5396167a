/**
 * An id of another provider, made short enough; always the same for the same id.
 *
 * @param longest - the most characters that the protocol takes
 */
export function callId(id: string, longest: number = 40): string {
  if (id !== "" && id.length <= longest) return id;
  return `${id.slice(0, longest - 9)}_${hashOf(id, 0x811c9dc5).toString(16).padStart(8, "0")}`;
}

/** FNV-1a. */
export function hashOf(id: string, start: number): number {
  let hash = start;
  for (let place = 0; place < id.length; place++) hash = Math.imul(hash ^ id.charCodeAt(place), 0x01000193);
  return hash >>> 0;
}
