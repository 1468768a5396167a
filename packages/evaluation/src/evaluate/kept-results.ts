import { ModelError } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";

/** What an earlier run has measured: by name, with a digest of what was asked. */
export class KeptResults {
  readonly #digests = new Map<string, number | undefined>();

  /** Whether it was not known yet. */
  add({ item, model, repeat = 0, prompt }: Measurement): boolean {
    const key = keyOf(item, model, repeat);
    if (this.#digests.has(key)) return false;
    this.#digests.set(key, prompt === undefined ? undefined : digestOf(prompt));
    return true;
  }

  /**
   * Whether an item is measured already.
   *
   * @throws {ModelError} `invalid-request` if it was asked something else then: the results are of another dataset
   */
  has(
    { id, place, prompt }: { readonly id: string; readonly place: string; readonly prompt: string },
    model: string,
    repeat: number,
  ): boolean {
    if (this.#digests.size === 0) return false;
    const key = keyOf(id, model, repeat);
    if (!this.#digests.has(key)) return false;
    const digest = this.#digests.get(key);
    if (digest === undefined || digest === digestOf(prompt)) return true;
    throw new ModelError(
      `${place}: the results have an answer of ${model} to item ${JSON.stringify(id)}, but to another prompt. Give results a file of their own for each dataset, or rows an \`id\`.`,
      { code: "invalid-request" },
    );
  }
}

function keyOf(item: string, model: string, repeat: number): string {
  return `${repeat}\n${model}\n${item}`;
}

/** FNV-1a over UTF-16 units: to notice a change, not to withstand one. */
function digestOf(text: string): number {
  let digest = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) digest = Math.imul(digest ^ text.charCodeAt(at), 0x01000193);
  return digest >>> 0;
}
