import type { AttemptPlan } from "@plugboard/core";

export type Labels = Readonly<Record<string, string>>;

/** With more sets than this, all are made anew. */
const most = 1000;

/** What attempts are booked under: these of their tags, who was asked, and whether it was allowed without a price. Each set is one object. */
export class LabelSets {
  readonly #tags: readonly string[];
  readonly #known = new Map<string, Labels>();
  #last: Labels | undefined;

  constructor(tags: readonly string[]) {
    this.#tags = tags;
  }

  of({ provider, id, request: { tags } }: AttemptPlan, unpriced: boolean): Labels {
    // One model and no tags, as most have: the name need not be written again.
    const last = this.#last;
    if (last && this.#tags.length === 0 && !unpriced && last["provider"] === provider && last["model"] === id)
      return last;
    const labels = this.#named(provider, id, tags, unpriced);
    if (!unpriced) this.#last = labels;
    return labels;
  }

  #named(provider: string, id: string, tags: Labels | undefined, unpriced: boolean): Labels {
    let name = `${unpriced ? "?" : ""}${provider}\0${id}`;
    for (const tag of this.#tags) name += `\0${tags?.[tag] ?? "\0"}`;
    let labels = this.#known.get(name);
    if (!labels) {
      if (this.#known.size >= most) this.#known.clear();
      this.#known.set(name, (labels = this.#make(provider, id, tags, unpriced)));
    }
    return labels;
  }

  #make(provider: string, model: string, tags: Labels | undefined, unpriced: boolean): Labels {
    const told = this.#tags.flatMap((tag) => (tags?.[tag] === undefined ? [] : [[tag, tags[tag]] as const]));
    return Object.freeze({ ...Object.fromEntries(told), provider, model, ...(unpriced && { unpriced: "true" }) });
  }
}
