import type { Finish, ModelEvent, Start } from "./event.ts";
import type { ReplySource } from "./reply-source.ts";

/** What a newcomer's adapter yields: text, an event of the contract, or how the answer ended. */
export type Draft = string | ModelEvent | (Partial<Finish> & { readonly type?: never });

/** Makes events of drafts: text without an index goes to a text part of its own, which whatever comes next closes. */
export function draftSource(drafts: AsyncIterable<Draft>, start: Start): ReplySource {
  const iterator = drafts[Symbol.asyncIterator]();
  let opening: ModelEvent | undefined = { type: "start", ...start };
  let text: string | undefined;
  let index = 0;

  function eventsOfDraft(draft: Draft): ModelEvent[] {
    const events: ModelEvent[] = [];
    if (opening) {
      if (typeof draft === "string" || draft.type !== "start") events.push(opening);
      opening = undefined;
    }
    if (typeof draft === "string") {
      text = (text ?? "") + draft;
      events.push({ type: "text-delta", index, text: draft });
      return events;
    }
    if (text !== undefined && draft.type !== "usage") {
      events.push({ type: "part", index, part: { type: "text", text } });
      text = undefined;
      index++;
    }
    if (draft.type === undefined) events.push({ type: "finish", finishReason: "stop", usage: {}, ...draft });
    else {
      events.push(draft);
      if ("index" in draft) index = Math.max(index, draft.index + 1);
    }
    return events;
  }

  return {
    async pull() {
      const step = await iterator.next();
      return step.done ? undefined : eventsOfDraft(step.value);
    },
    cancel() {
      // A generator that waits for the wire takes this once the wire gives up; the signal it was given tells it to.
      void iterator.return?.().then(undefined, () => {});
    },
  };
}
