import { ModelError, ModelReply } from "@plugboard/core";
import type { FinishReason, ModelEvent, ModelKey, ModelResult } from "@plugboard/core";
import type { Judge } from "./in-turn.ts";

/** Which answers are let go. */
export interface AnswerRules {
  /** Ends at which an answer is let go; it has to be held to its `"end"`. @default none */
  readonly finishReasons?: readonly FinishReason[];
  /** Whether to let go of what has arrived of an answer. @default never */
  readonly result?: (arrived: ModelResult) => boolean;
}

/** How much of an answer is kept back before it is judged: up to its first content, so many characters of text, or all of it. */
export type FallbackHold = "start" | "end" | number;

/** Holds answers, and lets go of those that are not good enough; `undefined` where there is nothing to do. */
export function judge({
  when = {},
  hold,
}: {
  readonly when?: AnswerRules;
  readonly hold?: FallbackHold;
}): { readonly hold: Judge<ModelReply>; readonly last: Judge<ModelReply> } | undefined {
  const { finishReasons = [], result: isPoor } = when;
  const judges = finishReasons.length > 0 || isPoor !== undefined;
  const amount = hold ?? (judges ? "end" : "start");
  if (amount === "start" && !judges) return undefined;

  const keep = (reply: ModelReply): Promise<ModelReply> => ModelReply.open(reply, untilEnough(amount));

  async function holdAndJudge(reply: ModelReply, model: ModelKey): Promise<ModelReply | ModelError> {
    const held = await keep(reply);
    if (!judges) return held;
    const { arrived } = held;
    try {
      if (finishReasons.includes(arrived.finishReason)) {
        return letGo(held, model, `ended with "${arrived.finishReason}"`);
      }
      return isPoor?.(arrived) ? letGo(held, model, "was not good enough") : held;
    } catch (cause) {
      held.cancel();
      throw new ModelError("`when.result` failed.", { code: "invalid-request", cause });
    }
  }
  return { hold: holdAndJudge, last: keep };
}

function letGo(held: ModelReply, { provider, id }: ModelKey, why: string): ModelError {
  const partial = held.arrived;
  held.cancel();
  const refused = partial.finishReason === "content-filter" || partial.finishReason === "refusal";
  const code = refused ? "content-filter" : "unknown";
  return new ModelError(`The answer of ${id} ${why}.`, { code, provider, model: id, partial });
}

function untilEnough(hold: FallbackHold): ((event: ModelEvent) => boolean) | undefined {
  if (hold === "start") return undefined;
  if (hold === "end") return (event) => event.type === "finish";
  let characters = 0;
  return (event) => {
    if (event.type === "text-delta") characters += event.text.length;
    return event.type === "finish" || characters >= hold;
  };
}
