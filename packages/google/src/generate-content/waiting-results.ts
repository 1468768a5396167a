import type { Message, ToolResultPart } from "@plugboard/core";

/** The result of a tool, and where it stands. */
export interface WaitingResult {
  readonly part: ToolResultPart;
  /** Of its message. */
  readonly place: number;
  /** `messages[3].content[0]` */
  readonly path: string;
}

/**
 * The results of a conversation that no call has taken yet. An id may come again, so a result is that of the last call of its id before
 * it.
 */
export class WaitingResults {
  readonly #waiting = new Map<string, WaitingResult[]>();
  /** Where each id is called. */
  readonly #callPlaces = new Map<string, number[]>();

  constructor(messages: readonly Message[]) {
    messages.forEach(({ role, content }, place) => {
      if (typeof content === "string") return;
      content.forEach((part, index) => {
        if (role === "tool" && part.type === "tool-result") {
          addTo(this.#waiting, part.id, { part, place, path: `messages[${place}].content[${index}]` });
        } else if (role === "assistant" && part.type === "tool-call") addTo(this.#callPlaces, part.id, place);
      });
    });
  }

  /** A result that stands beside its call: it is taken before others of its id. */
  putFirst(result: WaitingResult): void {
    this.#waiting.set(result.part.id, [result, ...(this.#waiting.get(result.part.id) ?? [])]);
  }

  /** The first result of a call, unless the same id is called again before it. Those before the call were orphans, and are gone. */
  take(id: string, place: number): WaitingResult | undefined {
    const again = this.#callPlaces.get(id)?.find((later) => later > place) ?? Infinity;
    return this.#remove(id, (result) => result.place < again);
  }

  /** Whether no call has taken a result; then none will any more. */
  takeOrphan(part: ToolResultPart): boolean {
    return this.#remove(part.id, (result) => result.part === part) !== undefined;
  }

  #remove(id: string, is: (result: WaitingResult) => boolean): WaitingResult | undefined {
    const waiting = this.#waiting.get(id) ?? [];
    const index = waiting.findIndex(is);
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  }
}

function addTo<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
