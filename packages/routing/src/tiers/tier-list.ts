import type { Model, ModelRequest, Prompt, TokenCount } from "@plugboard/core";
import { isLocal } from "../chosen/is-local.ts";
import { membersOf } from "../chosen/member.ts";
import type { Member } from "../chosen/member.ts";
import { estimateTokens } from "../estimate-tokens.ts";
import { countedMisfitOf } from "../fallback/needs.ts";
import { refused } from "../refused.ts";
import { breachOf, checkRules } from "./tier-rules.ts";
import type { Breach, TierKnowledge, TierRules } from "./tier-rules.ts";

/** A tier: its models, the first of which is asked first, and what they must be. */
export interface ModelTier extends TierRules {
  readonly models: Model | readonly Model[];
}

/** A tier, or its models where there are no rules. */
export type TierEntry = Model | readonly Model[] | ModelTier;

/** A tier as it is chosen from. */
export interface ReadTier {
  readonly name: string;
  readonly rules: TierRules;
  readonly members: readonly Member[];
}

/** A model of a tier, and what keeps a request from it. */
export interface TierCandidate {
  readonly tier: string;
  readonly member: Member;
  readonly breach?: Breach;
}

const ruleNames = ["abilities", "context", "price", "firstTokenMs", "local"];

/**
 * Reads tiers. A model that is in several of them is one: what is known of it is known in each.
 *
 * @throws {ModelError} `invalid-request`, with what is wrong and where
 */
export function tierList(entries: Readonly<Record<string, TierEntry>>): readonly ReadTier[] {
  const names = Object.keys(entries);
  if (names.length === 0) throw refused("`tiers` needs at least one tier; there is none.");
  const read = names.map((name) => {
    const entry = entries[name]!;
    const tier: ModelTier = "models" in entry && !("call" in entry) ? entry : { models: entry };
    const { models, ...rules } = tier;
    const list = Array.isArray(models) ? (models as readonly Model[]) : [models as Model];
    if (list.length === 0) throw refused(`\`${name}.models\` needs at least one model; the list is empty.`);
    const strange = Object.keys(rules).find((rule) => !ruleNames.includes(rule));
    if (strange !== undefined) {
      throw refused(`\`${name}\` has no rule ${JSON.stringify(strange)}; there are ${ruleNames.join(", ")}.`);
    }
    checkRules(name, rules, list);
    return { name, rules, list };
  });
  const members = membersOf([...new Set(read.flatMap(({ list }) => list))], "tiers");
  const ofModel = new Map(members.map((member) => [member.given, member]));
  return read.map(({ name, rules, list }) => {
    return { name, rules, members: [...new Set(list)].map((model) => ofModel.get(model)!) };
  });
}

/** What a request is, as far as it decides who can take it. */
export interface TierQuestion {
  readonly prompt: Prompt;
  readonly counted: TokenCount;
  /** The tag that keeps it on this machine. */
  readonly localTag: string | undefined;
}

/** What a request asks of tiers. */
export function questionOf(request: ModelRequest, localTag: string | undefined): TierQuestion {
  return { prompt: request, counted: estimateTokens(request), localTag };
}

/** The models of a tier, and what keeps the request from each: that it must not leave, a rule, or what the request needs. */
export function candidatesOf(
  { name: tier, rules, members }: ReadTier,
  { prompt, counted, localTag }: TierQuestion,
  knowledge: TierKnowledge,
): TierCandidate[] {
  return members.map((member) => {
    if (localTag !== undefined && !mayStay(member, rules)) {
      return {
        tier,
        member,
        breach: { rule: "local", why: `is not on this machine, where ${localTag} keeps the request` },
      };
    }
    const breach = breachOf(member, rules, knowledge);
    if (breach) return { tier, member, breach };
    const misfit = countedMisfitOf(member.leaves, prompt, knowledge, counted);
    if (!misfit) return { tier, member };
    const rule = misfit.code === "unsupported" ? "what the request needs" : "the length of the request";
    return { tier, member, breach: { rule, why: misfit.why } };
  });
}

/** Whether what a member is asked stays here. What is not known to stay does not. */
export function mayStay(member: Member, { local }: TierRules): boolean {
  return local === undefined ? isLocal(member.model) : local !== false;
}
