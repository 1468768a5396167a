/** How hard a model may be asked to think, from not at all to as hard as it can. */
export type Effort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** Request fields that some models refuse. */
export type RefusableField =
  | "temperature"
  | "topP"
  | "presencePenalty"
  | "frequencyPenalty"
  | "stop"
  | "seed"
  | "tools";

/** What is particular to some models of a vendor. */
export interface ModelRule {
  /** Tested on the model's id, or on its catalogue name where it has one. The first rule that matches counts. */
  readonly models: RegExp;
  /** Left out of the body, with a warning. */
  readonly refuses?: readonly RefusableField[];
  /** Sent only when the reasoning effort is `none`; otherwise left out, with a warning. */
  readonly refusesWhenReasoning?: readonly RefusableField[];
  /** The efforts it takes; none for a model that does not reason. */
  readonly efforts?: readonly Effort[];
  readonly systemRole?: "system" | "developer";
  /** It may think for long without a word on the wire. */
  readonly hiddenReasoning?: true;
  /** It takes a user's message right after the results of tools, where others of the vendor do not. */
  readonly userAfterResults?: true;
}

/** The first rule for a model, or one that says nothing. Some vendors put the publisher's name before it: `openai/gpt-5`. */
export function ruleFor(rules: readonly ModelRule[] | undefined, model: string): Omit<ModelRule, "models"> {
  const bare = model.slice(model.lastIndexOf("/") + 1);
  return rules?.find((rule) => rule.models.test(model) || rule.models.test(bare)) ?? {};
}
