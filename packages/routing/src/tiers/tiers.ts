import { ModelError, defineModel } from "@plugboard/core";
import type { Call, Model, ModelKey, ModelReply, ModelRequest, Warning } from "@plugboard/core";
import { careful } from "../chosen/careful.ts";
import { chosen } from "../chosen/member.ts";
import type { Member } from "../chosen/member.ts";
import { chatHandling, checkFallback, rulesFor } from "../fallback/fallback.ts";
import type { FallbackOptions } from "../fallback/fallback.ts";
import { inTurn } from "../fallback/in-turn.ts";
import { named } from "../named.ts";
import { refused } from "../refused.ts";
import type { LocalOnly } from "./privacy.ts";
import { candidatesOf, questionOf, tierList } from "./tier-list.ts";
import type { ReadTier, TierCandidate, TierEntry } from "./tier-list.ts";
import { pathOf } from "./tier-path.ts";
import type { PathRules, TierPath } from "./tier-path.ts";
import type { TierKnowledge } from "./tier-rules.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** The tier that a request goes to; `from` is the one before, where a budget pushed it down. */
    tier: {
      readonly tier: string;
      readonly from?: string;
      readonly because: "asked" | "default" | "private" | "budget";
      /** Those that may answer, in order. */
      readonly models: readonly ModelKey[];
    };
  }
}

/** How the tier of a request is found, and what happens when it cannot answer. */
export interface TiersOptions extends FallbackOptions, TierKnowledge {
  /** Where requests go that ask for none. @default "production", or the first tier where there is none of that name */
  readonly default?: string;
  /** The tag by which a request asks for a tier. @default "tier" */
  readonly tag?: string;
  /**
   * Tags, and which of their values keep a request on this machine; `true` is for any value. No option sets such a request free: it goes
   * to models that are `local`, or fails.
   *
   * @default { privacy: "edge-only" }
   */
  readonly localOnly?: LocalOnly;
  /** Which other tiers are asked when nobody of the tier can take a request, or all of them fail. @default "none" */
  readonly fall?: "none" | "down" | "up";
  /**
   * What happens when a budget refuses to pay for the tier: the call fails with the code `budget`, or the next tier below is asked, with a
   * warning `downgraded`. @default "refuse"
   */
  readonly onBudget?: "refuse" | "down";
}

/** A model of several tiers. */
export interface TieredModel extends Model {
  /** Their names, from the highest to the lowest. */
  readonly tiers: readonly string[];
  /**
   * The same models and rules, asked for one tier, whatever the tag of the request says: for a budget's `downgrade`, or a name that
   * clients ask for.
   *
   * @throws {ModelError} `invalid-request` for a tier that there is not
   */
  at(tier: string): Model;
  /** Who could take a request, and what keeps it from the others; nobody is asked. @throws {ModelError} `invalid-request` for a tier that there is not */
  explain(request: ModelRequest | string): TierExplanation;
}

/** Why a request goes to whom. */
export interface TierExplanation {
  /** The tier that it asks for, or goes to by itself. */
  readonly tier: string;
  readonly because: "asked" | "default" | "private";
  /** The tag that keeps it on this machine. */
  readonly localTag?: string;
  /** All models of the tiers that it may go to, in the order in which they are asked. */
  readonly models: readonly TierStanding[];
}

/** A model of a tier, and what keeps a request from it. */
export interface TierStanding {
  readonly tier: string;
  readonly model: ModelKey;
  /** The rule that it breaks, as `frontier.price.output`; absent where it may be asked. */
  readonly rule?: string;
  /** What breaks it, to follow the model's name. */
  readonly why?: string;
}

/**
 * Puts models in tiers, from the highest to the lowest, under rules in plain data. A request goes to the tier that its tag `tier` names;
 * within a tier the first model is asked first, and the next one when it fails, as in `fallback`.
 *
 * A model that breaks a rule of its tier is never asked, and what must not leave this machine (`localOnly`) is sent to models that are on it
 * alone: whatever fails, falls or is pushed down.
 *
 * @throws {ModelError} `unsupported` where rules, or what the request needs, leave no model, with each of them; otherwise as `fallback`.
 * `invalid-request` for rules that cannot be meant, and a tag that names no tier
 * @example
 * const model = tiers({ frontier: [gpt, claude], production: { models: mini, price: { output: 5 } }, edge: ollama("llama3.2") });
 * await model.generate({ messages, tags: { tier: "frontier" } });
 * await model.generate({ messages, tags: { privacy: "edge-only" } }); // by what runs here, or not at all
 */
export function tiers(entries: Readonly<Record<string, TierEntry>>, options: TiersOptions = {}): TieredModel {
  checkFallback(options);
  const read = tierList(entries);
  const names = read.map(({ name }) => name);
  const paths = pathRules(read, names, options);
  const handling = chatHandling(options);
  const pushesDown = options.onBudget === "down";
  const { passes, ...common } = rulesFor<ModelRequest, ModelReply>(
    read.flatMap(({ members }) => members),
    options,
  );
  // What a budget does not pay for, a cheaper one may be paid for, in the tier already.
  const rules = { ...common, passes: (error: ModelError) => passes(error) || (pushesDown && error.code === "budget") };

  function weigh(path: TierPath, request: ModelRequest, list: readonly ReadTier[]): TierCandidate[] {
    const knowledge = careful(options, request.notify);
    const question = questionOf(request, path.localTag);
    return list.flatMap((tier) => candidatesOf(tier, question, knowledge));
  }

  /** Asks those who may be asked, one after the other. @throws {ModelError} `unsupported` where nobody may */
  function ask(
    candidates: readonly TierCandidate[],
    request: ModelRequest,
    notice: { readonly tier: string; readonly from?: string; readonly because: TierPath["because"] | "budget" },
  ): Promise<ModelReply> {
    const able = firstOfEach(candidates.filter(({ breach }) => !breach));
    if (able.length === 0) throw impossible(candidates);
    request.notify?.({ type: "tier", ...notice, models: able.map(({ member }) => member.key) });
    const why = {
      asked: "was asked for",
      default: "is the default",
      private: "is on this machine",
      budget: "is paid for",
    };
    const targets = able.map(({ tier, member }) => {
      const said = tier === notice.tier ? why[notice.because] : `comes after ${notice.tier}`;
      return chosen(member, { by: "tiers", why: `${tier} ${said}` });
    });
    return inTurn({ ...rules, targets }, handling)(request);
  }

  function callAt(pinned: string | undefined): Call {
    return async (request) => {
      const path = pathOf(paths, request, pinned);
      const candidates = weigh(path, request, path.tiers);
      try {
        return await ask(candidates, request, { tier: path.first, because: path.because });
      } catch (error) {
        if (!pushesDown || !isUnpaid(error) || request.signal?.aborted) throw error;
        return await pushDown(path, request, error);
      }
    };
  }

  /** A budget does not pay for the tier: those below are asked, until one is paid for. */
  async function pushDown(path: TierPath, request: ModelRequest, refusal: unknown): Promise<ModelReply> {
    let from = path.first;
    for (const tier of path.below) {
      const candidates = weigh(path, request, [tier]);
      if (candidates.every(({ breach }) => breach)) continue;
      try {
        const reply = await ask(candidates, request, { tier: tier.name, from, because: "budget" });
        return downgraded(reply, path.first, tier.name);
      } catch (error) {
        if (!isUnpaid(error) || request.signal?.aborted) throw error;
        from = tier.name;
      }
    }
    throw refusal;
  }

  const models = [...new Set(read.flatMap(({ members }) => members.map(({ given }) => given)))];
  const views = new Map<string, Model>();

  function at(name: string): Model {
    const known = views.get(name);
    if (known) return known;
    pathOf(paths, {}, name);
    const { provider, id, models: own } = named("tiers", models);
    const view = defineModel({ provider, id: `${id}.${name}`, models: own, call: callAt(name) });
    views.set(name, view);
    return view;
  }

  return {
    ...defineModel({ ...named("tiers", models), call: callAt(undefined) }),
    tiers: names,
    at,
    explain(asked) {
      const request = typeof asked === "string" ? { messages: [{ role: "user", content: asked } as const] } : asked;
      const path = pathOf(paths, request, undefined);
      return {
        tier: path.first,
        because: path.because,
        ...(path.localTag !== undefined && { localTag: path.localTag }),
        models: weigh(path, request, path.tiers).map(standingOf),
      };
    },
  };
}

function pathRules(read: readonly ReadTier[], names: readonly string[], options: TiersOptions): PathRules {
  const usual = names.includes("production") ? "production" : names[0]!;
  const { default: standard = usual, tag = "tier", localOnly = { privacy: "edge-only" }, fall = "none" } = options;
  const { onBudget = "refuse" } = options;
  if (!names.includes(standard)) {
    throw refused(`\`default\` must be one of ${names.join(", ")}; it is ${JSON.stringify(standard)}.`);
  }
  oneOf("fall", fall, ["none", "down", "up"]);
  oneOf("onBudget", onBudget, ["refuse", "down"]);
  return { tiers: read, standard, tag, localOnly, fall };
}

function oneOf(option: string, value: string, words: readonly string[]): void {
  if (!words.includes(value)) {
    throw refused(`\`${option}\` must be ${words.join(", ")}; it is ${JSON.stringify(value)}.`);
  }
}

/** A model that is in several of the tiers is asked once. */
function firstOfEach(candidates: readonly TierCandidate[]): TierCandidate[] {
  const seen = new Set<Member>();
  return candidates.filter(({ member }) => !seen.has(member) && seen.add(member));
}

function standingOf({ tier, member: { key: model }, breach }: TierCandidate): TierStanding {
  return breach ? { tier, model, rule: `${tier}.${breach.rule}`, why: breach.why } : { tier, model };
}

function impossible(candidates: readonly TierCandidate[]): ModelError {
  const tierNames = [...new Set(candidates.map(({ tier }) => tier))];
  const each = candidates.map(
    ({ tier, member, breach }) => `${member.key.id} ${breach!.why} (${tier}: ${breach!.rule}).`,
  );
  const whose = tierNames.length === 1 ? `the tier ${tierNames[0]}` : `the tiers ${tierNames.join(", ")}`;
  return new ModelError(`No model of ${whose} may be asked. ${each.join(" ")}`, { code: "unsupported" });
}

/** Whether a budget has refused it, or one of several. */
function isUnpaid(error: unknown): boolean {
  if (!(error instanceof ModelError)) return false;
  if (error.code === "budget") return true;
  const { cause } = error;
  return (
    cause instanceof AggregateError && cause.errors.some((one) => one instanceof ModelError && one.code === "budget")
  );
}

function downgraded(reply: ModelReply, from: string, to: string): ModelReply {
  const message = `The tier ${from} was to be asked, and ${to} was: the budget does not pay for the former.`;
  const warning: Warning = { code: "downgraded", message };
  return reply.through("finish", (event, emit) => emit({ ...event, warnings: [...(event.warnings ?? []), warning] }));
}
