import type { ProviderData } from "@plugboard/core";

const marks = new Set(["cacheControl", "cache_control", "cachePoint"]);

/**
 * Whose data there is, where it says something. What only marks the end of what a provider's prompt cache is to keep does not: where it
 * is not understood, nothing of the question is lost.
 */
export function ownersOf(data: ProviderData = {}): string[] {
  return Object.keys(data).filter((owner) => {
    const members = Object.keys(data[owner]!);
    return members.length === 0 || members.some((name) => !marks.has(name));
  });
}
