import { ModelError } from "@plugboard/core";
import type { Callable, Model, ModelReply, ModelRequest } from "@plugboard/core";
import { targetsOf } from "../fallback/target.ts";
import type { Target } from "../fallback/target.ts";
import { FirstTimes } from "../hedge/first-times.ts";
import { withChoice } from "./choice.ts";
import type { Choice } from "./choice.ts";

/** Milliseconds for which a time counts, so that a model that was too slow is tried again by and by. */
const memory = 300_000;

/** One of the models that are chosen from, and how quickly its streamed answers begin. */
export interface Member extends Target<ModelRequest, ModelReply> {
  readonly times: FirstTimes;
  /** The model as it was given; `model` is timed. */
  readonly given: Model;
}

/**
 * What is chosen from.
 *
 * @param kind - whose list it is, for errors
 * @throws {ModelError} `invalid-request` for an empty list, or one with the same model twice
 */
export function membersOf(models: readonly Model[], kind: string): Member[] {
  return targetsOf<ModelRequest, ModelReply>(models, kind).map((target, place) => {
    const times = new FirstTimes(memory);
    return { ...target, model: timed(target.model, times), times, given: models[place]! };
  });
}

/** The member as it is asked in one call: its attempts say why. */
export function chosen(member: Member, choice: Choice): Member {
  const { model } = member;
  return { ...member, model: { ...model, call: (request) => model.call(withChoice(request, choice)) } };
}

type ChatCallable = Callable<ModelRequest, ModelReply>;

/** Times what is streamed, up to its first content. */
function timed(model: ChatCallable, times: FirstTimes): ChatCallable {
  const { provider, id, catalogId, fingerprint, models } = model;
  return {
    provider,
    id,
    ...(catalogId !== undefined && { catalogId }),
    fingerprint,
    models,
    async call(request) {
      if (!request.stream) return model.call(request);
      const since = performance.now();
      try {
        const reply = await model.call(request);
        times.add(performance.now() - since);
        return reply;
      } catch (error) {
        // It would have taken longer still; leaving that out would make it look faster than it is.
        if (error instanceof ModelError && error.code === "timeout") times.add(performance.now() - since);
        throw error;
      }
    },
  };
}
