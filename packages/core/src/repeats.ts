import type { ToolCallPart } from "./part.ts";
import { ModelError } from "./error.ts";

/** Counts the calls of a conversation, and stops a model that goes round in circles. */
export class Repeats {
  readonly #most: number;
  readonly #calls = new Map<string, number>();
  #unknown = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws {ModelError} `parse` if this call, with these arguments, was made too often; or too many of tools that do not exist */
  count(call: ToolCallPart, known: boolean): void {
    if (!known && ++this.#unknown > this.#most) {
      throw this.#stop(`the model asked for tools that do not exist, "${call.name}" the last of them`);
    }
    const key = `${call.name}\n${argumentsOf(call)}`;
    const times = (this.#calls.get(key) ?? 0) + 1;
    if (times > this.#most) throw this.#stop(`the model called the tool "${call.name}" with the same arguments`);
    this.#calls.set(key, times);
  }

  #stop(what: string): ModelError {
    return new ModelError(`Stopped: ${what} more than ${this.#most} times.`, { code: "parse" });
  }
}

/** The same text for the same arguments, but for the order of keys; nesting too deep to be written is told by its own text. */
function argumentsOf({ input, raw }: ToolCallPart): string {
  try {
    return JSON.stringify(input);
  } catch {
    return raw ?? "";
  }
}
