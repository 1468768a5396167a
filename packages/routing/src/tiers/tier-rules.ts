import type { ModelKey, PriceLookup } from "@plugboard/core";
import { checkNumber } from "../check-number.ts";
import { placesOf } from "../chosen/is-local.ts";
import type { Placed } from "../chosen/is-local.ts";
import type { Member } from "../chosen/member.ts";
import { checkPercentiles, slowness } from "../chosen/percentiles.ts";
import type { Percentiles } from "../chosen/percentiles.ts";
import type { Knowledge, TargetAbilities } from "../fallback/needs.ts";
import { refused } from "../refused.ts";

/** What a model of a tier can be required to do: call tools, hold its answer to a schema, think first, take such input. */
export type TierAbility = "tools" | "structuredOutput" | "reasoning" | "image" | "audio" | "video" | "pdf";

/** What models must be to be asked in a tier: plain data. What is required and not known of a model is not met. */
export interface TierRules {
  /** What each of them can do. */
  readonly abilities?: readonly TierAbility[];
  /** Tokens of context that each of them has at least. */
  readonly context?: number;
  /** US dollars per million tokens that they cost at most, at the price of a short request. */
  readonly price?: { readonly input?: number; readonly output?: number };
  /**
   * Milliseconds until the first content of a streamed answer, by those of the last five minutes. It is not broken before 20 answers have
   * been streamed, and a model that was too slow is tried again once its times are older.
   */
  readonly firstTokenMs?: Percentiles;
  /**
   * Whether what they are asked stays on this machine, so that requests that must not leave it may be sent there. `true` is checked: a
   * model whose address is not known to be one of this machine is refused. `"trusted"` takes the application's word, for a server of its own
   * network, or an engine in the process.
   *
   * @default for each model, whether its address is one of this machine
   */
  readonly local?: boolean | "trusted";
}

/** The abilities that rules can name. */
export const tierAbilities: readonly TierAbility[] = [
  "tools",
  "structuredOutput",
  "reasoning",
  "image",
  "audio",
  "video",
  "pdf",
];

/** What is known of models by which rules are judged. */
export interface TierKnowledge extends Knowledge {
  /** What usage costs. @default nothing is known; `plugboard` gives the catalogue's */
  readonly price?: PriceLookup;
}

/** A rule that a model breaks. */
export interface Breach {
  /** `price.output`, `abilities`, `local`. */
  readonly rule: string;
  /** What of the model breaks it, to follow its name. */
  readonly why: string;
}

/**
 * Refuses rules that cannot be meant.
 *
 * @param path - where they stand, for errors: `frontier`
 * @throws {ModelError} `invalid-request`, with the rule and the accepted values
 */
export function checkRules(path: string, rules: TierRules, members: readonly (Placed & ModelKey)[]): void {
  const { abilities = [], context, price = {}, firstTokenMs = {}, local } = rules;
  const unknown = abilities.find((ability) => !tierAbilities.includes(ability));
  if (unknown !== undefined) {
    throw refused(
      `\`${path}.abilities\` takes ${tierAbilities.join(", ")}; ${JSON.stringify(unknown)} is none of them.`,
    );
  }
  if (context !== undefined) checkNumber(`${path}.context`, context, 1);
  if (price.input !== undefined) checkNumber(`${path}.price.input`, price.input, 0);
  if (price.output !== undefined) checkNumber(`${path}.price.output`, price.output, 0);
  checkPercentiles(`${path}.firstTokenMs`, firstTokenMs);
  if (local !== undefined && typeof local !== "boolean" && local !== "trusted") {
    throw refused(`\`${path}.local\` must be true, false or "trusted"; it is ${JSON.stringify(local)}.`);
  }
  if (local !== true) return;
  const away = members.flatMap(placesOf).find(({ place }) => place !== "here");
  if (away) {
    const why = away.place === "elsewhere" ? "is not on this machine" : "has no address that says where it is";
    throw refused(`\`${path}.local\` is true, and ${away.id} ${why}; "trusted" takes your word for it.`);
  }
}

/** The first rule that a member breaks; of one that stands in front of several, every adapter must keep them. */
export function breachOf(member: Member, rules: TierRules, knowledge: TierKnowledge): Breach | undefined {
  for (const leaf of member.leaves) {
    const breach = lackOf(leaf, rules, knowledge) ?? roomOf(leaf, rules, knowledge) ?? priceOf(leaf, rules, knowledge);
    if (breach) return breach;
  }
  const slow = rules.firstTokenMs && slowness(member.times, rules.firstTokenMs);
  return slow === undefined ? undefined : { rule: "firstTokenMs", why: slow };
}

function lackOf(leaf: ModelKey, { abilities = [] }: TierRules, knowledge: TierKnowledge): Breach | undefined {
  if (abilities.length === 0) return undefined;
  const known = knowledge.abilities?.(leaf) ?? {};
  const lacking = abilities.find((ability) => !has(known, ability));
  return lacking === undefined ? undefined : { rule: "abilities", why: `is not known to have ${lacking}` };
}

function has({ tools, structuredOutput, reasoning, input = [] }: TargetAbilities, ability: TierAbility): boolean {
  switch (ability) {
    case "tools":
      return tools === true;
    case "structuredOutput":
      return structuredOutput === true;
    case "reasoning":
      return reasoning === true;
    default:
      return input.includes(ability);
  }
}

function roomOf(leaf: ModelKey, { context }: TierRules, { limits }: TierKnowledge): Breach | undefined {
  if (context === undefined) return undefined;
  const room = limits?.(leaf)?.context;
  if (room === undefined) return { rule: "context", why: "has a context that is not known" };
  return room >= context
    ? undefined
    : { rule: "context", why: `has ${room} tokens of context, and ${context} are required` };
}

/** So many tokens are asked for a price: few enough for the price of short requests. */
const sample = 1000;

function priceOf(leaf: ModelKey, { price = {} }: TierRules, { price: quote }: TierKnowledge): Breach | undefined {
  for (const kind of ["input", "output"] as const) {
    const most = price[kind];
    if (most === undefined) continue;
    const rule = `price.${kind}`;
    const cost = quote?.({ input: kind === "input" ? sample : 0, output: kind === "output" ? sample : 0 }, leaf).cost;
    if (!cost) return { rule, why: "has a price that is not known" };
    const dollars = cost.total / (1000 * sample); // nano-dollars a sample are dollars a million, less three digits
    if (dollars > most)
      return { rule, why: `costs $${dollars} per million tokens of ${kind}, and $${most} is the ceiling` };
  }
  return undefined;
}
