import { defineModel } from "@plugboard/core";
import type { Model, ModelReply, ModelRequest, PriceLookup } from "@plugboard/core";
import { chatHandling, checkFallback, rulesFor } from "../fallback/fallback.ts";
import type { FallbackOptions } from "../fallback/fallback.ts";
import { inTurn } from "../fallback/in-turn.ts";
import { targetsOf } from "../fallback/target.ts";
import { named } from "../named.ts";
import { refused } from "../refused.ts";
import type { Accept } from "./accept.ts";
import { CascadeRun } from "./cascade-run.ts";

/** A model of a cascade that is trusted in a way of its own. */
export interface CascadeEntry {
  readonly model: Model;
  /** @default that of the cascade */
  readonly accept?: Accept | readonly Accept[];
}

/** When an answer is trusted. */
export interface CascadeOptions extends Omit<FallbackOptions, "when" | "hold"> {
  /** What must accept an answer of a model before the last; of several, all, in order. */
  readonly accept: Accept | readonly Accept[];
  /** What usage costs, for what is told of each step where no `cost` layer is around. @default nothing is known; `plugboard` gives the catalogue's */
  readonly price?: PriceLookup;
}

/**
 * Asks a cheaper model first, and the next one when its answer is not accepted, or it fails. The answer of the last model is given as it comes;
 * those before it are held until they are judged, so nothing is streamed until then.
 *
 * Each escalation is told as an `escalated` notice with its reason and what it cost, and the whole as `cascaded` with the cost of each model;
 * `choices` of the attempts say why each was made. Where an answer is not accepted and nobody is left who could be asked, it is given with a
 * warning `unaccepted`; where those after it fail, the call fails.
 *
 * @throws {ModelError} as `fallback`; `invalid-request` for fewer than two models
 * @example
 * const model = cascade([small, large], { accept: agreeing({ samples: 3 }) });
 * @example
 * const model = cascade([small, large], { accept: ({ answer }) => answer.includes("because") });
 */
export function cascade(models: readonly (Model | CascadeEntry)[], options: CascadeOptions): Model {
  const { accept, price, ...rest } = options;
  checkFallback(rest);
  if (models.length < 2) throw refused(`\`cascade\` needs at least two models; the list has ${models.length}.`);
  const entries: readonly CascadeEntry[] = models.map((entry) => ("call" in entry ? { model: entry } : entry));
  const members = entries.map(({ model }) => model);
  const targets = targetsOf<ModelRequest, ModelReply>(members, "cascade");
  const list = targets.map((target, place) => ({ target, accept: listOf(entries[place]!.accept ?? accept) }));
  const unjudged = list.slice(0, -1).findIndex((one) => one.accept.length === 0);
  if (unjudged !== -1)
    throw refused(`\`accept\` must say when an answer of models[${unjudged}] is trusted; it is empty.`);
  const rules = rulesFor(targets, rest);
  const handling = chatHandling(rest);

  const verifiers = list.slice(0, -1).flatMap((one) => one.accept.flatMap(({ models: asked = [] }) => asked));
  return defineModel({
    ...named("cascade", members),
    models: [...new Set([...members, ...verifiers])],
    call(request) {
      const run = new CascadeRun(list, request, price);
      const own = {
        ...handling,
        judge: run.judge,
        give: async (...given: Parameters<typeof handling.give>) => run.follow(await handling.give(...given)),
      };
      return inTurn({ ...rules, targets: run.targets }, own)(run.request);
    },
  });
}

function listOf(accept: Accept | readonly Accept[]): readonly Accept[] {
  return typeof accept === "function" ? [accept] : accept;
}
