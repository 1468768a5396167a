import { ModelReply, eventsOf } from "@plugboard/core";
import type { ModelEvent, ModelResult, ReplySource } from "@plugboard/core";

/** Characters of a token where the answer does not say how many it has. */
const usual = 4;

/** Milliseconds between two reads at least: what is due by then comes together. */
const least = 10;

/** An answer that is known, given as if it came with so many tokens a second: for readers who are used to see it grow. */
export function paced(result: ModelResult, tokensPerSecond: number): Promise<ModelReply> {
  const events = eventsOf(result);
  const characters = events.reduce((sum, event) => sum + textOf(event).length, 0);
  const { output } = result.usage;
  const perToken = output !== undefined && output > 0 && characters > 0 ? characters / output : usual;
  /** Milliseconds that a character takes. */
  const each = 1000 / (tokensPerSecond * perToken);
  const began = performance.now();
  let place = 0;
  /** Of the event whose turn it is, and of the answer. */
  let [said, total] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  let give: ((events: readonly ModelEvent[]) => void) | undefined;

  function due(): ModelEvent[] {
    const batch: ModelEvent[] = [];
    const may = Math.max(1, Math.floor((performance.now() - began) / each)) - total;
    for (let left = may; place < events.length;) {
      const event = events[place]!;
      const text = textOf(event);
      if (text.length === said) {
        if (text.length === 0) batch.push(event);
        place++;
        said = 0;
        continue;
      }
      if (left <= 0) break;
      const piece = wholeCharacters(text.slice(said), left);
      batch.push({ ...event, text: piece } as ModelEvent);
      said += piece.length;
      total += piece.length;
      left -= piece.length;
    }
    return batch;
  }

  const source: ReplySource = {
    pull: () => {
      if (place === events.length) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        give = resolve;
        // The start is known at once.
        timer = setTimeout(() => resolve(due()), total === 0 ? 0 : Math.max(least, each));
      });
    },
    cancel() {
      clearTimeout(timer);
      place = events.length;
      give?.([]);
    },
  };
  return ModelReply.open(source);
}

/** What comes piece by piece of an event. */
function textOf(event: ModelEvent): string {
  switch (event.type) {
    case "text-delta":
    case "reasoning-delta":
    case "tool-call-delta":
      return event.text;
    default:
      return "";
  }
}

/** So many code units, and one more where they would end within a character. */
function wholeCharacters(text: string, count: number): string {
  const last = text.charCodeAt(count - 1);
  return text.slice(0, last >= 0xd8_00 && last < 0xdc_00 ? count + 1 : count);
}
