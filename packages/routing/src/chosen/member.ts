import { ModelError } from "@plugboard/core";
import type { Callable, Model, ModelReply, ModelRequest } from "@plugboard/core";
import { targetsOf } from "../fallback/target.ts";
import type { Target } from "../fallback/target.ts";
import { PeakEwma } from "../balance/peak-ewma.ts";
import { FirstTimes } from "../hedge/first-times.ts";
import { withChoice } from "./choice.ts";
import type { Choice } from "./choice.ts";

/** Milliseconds for which a time counts, so that a model that was too slow is tried again by and by. */
const memory = 300_000;

/** One of the models that are chosen from, and how quick it is. */
export interface Member extends Target<ModelRequest, ModelReply> {
  /** Milliseconds until the first content of its streamed answers. */
  readonly times: FirstTimes;
  /** The same of late, as one figure. */
  readonly streamed: PeakEwma;
  /** Milliseconds that its whole answers take of late. */
  readonly whole: PeakEwma;
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
    const clocks = { times: new FirstTimes(memory), streamed: new PeakEwma(), whole: new PeakEwma() };
    return Object.assign(target, { ...clocks, model: timed(target.model, clocks), given: models[place]! });
  });
}

/** The member as it is asked in one call: its attempts say why. */
export function chosen(member: Member, choice: Choice): Member {
  const { model } = member;
  return { ...member, model: { ...model, call: (request) => model.call(withChoice(request, choice)) } };
}

type ChatCallable = Callable<ModelRequest, ModelReply>;

type Clocks = Pick<Member, "times" | "streamed" | "whole">;

/** Times what is streamed up to its first content, and what is whole until it is there. */
function timed(model: ChatCallable, { times, streamed, whole }: Clocks): ChatCallable {
  const { provider, id, catalogId, fingerprint, models } = model;
  return {
    provider,
    id,
    ...(catalogId !== undefined && { catalogId }),
    fingerprint,
    models,
    async call(request) {
      const since = performance.now();
      const recent = request.stream ? streamed : whole;
      try {
        const reply = await model.call(request);
        const now = performance.now();
        recent.observe(now - since, now);
        if (request.stream) times.add(now - since);
        return reply;
      } catch (error) {
        const now = performance.now();
        recent.observeAtLeast(now - since, now);
        // It would have taken longer still; leaving that out would make it look faster than it is.
        if (request.stream && error instanceof ModelError && error.code === "timeout") times.add(now - since);
        throw error;
      }
    },
  };
}
