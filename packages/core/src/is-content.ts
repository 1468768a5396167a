import type { ModelEvent } from "./event.ts";

/**
 * Whether an event is what a caller waits for: text, reasoning, a tool call, another part, or the end of an empty answer. An empty
 * delta, the start and a count are not: a provider that brings no more than those makes no progress.
 */
export function isContent(event: ModelEvent): boolean {
  if (event.type === "text-delta" || event.type === "reasoning-delta") return event.text !== "";
  return event.type !== "start" && event.type !== "usage";
}
