import { setTimeout as wait } from "node:timers/promises";
import { ModelError, ModelReply, eventsOf } from "@plugboard/core";
import type { ModelEvent, ModelResult } from "@plugboard/core";
import type { LoggedCall } from "./logged-call.ts";

/** Waits so many milliseconds. Rejects when the call is let go. */
export async function waitFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (milliseconds <= 0) return;
  try {
    await wait(milliseconds, undefined, signal && { signal });
  } catch {
    throw ModelError.from(signal?.reason, { code: "aborted" });
  }
}

/** Milliseconds until there was something to read, and from there to the end. */
export function timesOf({ started, firstContent, ended }: LoggedCall): {
  readonly first: number;
  readonly rest: number;
} {
  const begun = Math.max(started, Math.min(firstContent ?? ended, ended));
  return { first: begun - started, rest: Math.max(0, ended - begun) };
}

/** An answer, its texts word by word, over so many milliseconds: when each word came is not recorded, so they are evenly apart. */
export function givenOver(
  result: ModelResult,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<ModelReply> {
  const { model, id, created, headers } = result;
  const start = {
    model,
    ...(id !== undefined && { id }),
    ...(created !== undefined && { created }),
    ...(headers && { headers }),
    ...(result.warnings.length > 0 && { warnings: result.warnings }),
  };
  const events = eventsOf(result)
    .filter(({ type }) => type !== "start")
    .flatMap(wordByWord);
  return ModelReply.from(spread(events, milliseconds, signal), start);
}

async function* spread(
  events: readonly ModelEvent[],
  milliseconds: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ModelEvent, void, undefined> {
  const began = performance.now();
  for (const [place, event] of events.entries()) {
    // The first is there at once: it is what was waited for.
    await waitFor((milliseconds * place) / Math.max(1, events.length - 1) - (performance.now() - began), signal);
    yield event;
  }
}

function wordByWord(event: ModelEvent): ModelEvent[] {
  if (event.type !== "text-delta" && event.type !== "reasoning-delta") return [event];
  return event.text.split(/(?<=\s)(?=\S)/).map((text) => Object.assign({}, event, { text }));
}
