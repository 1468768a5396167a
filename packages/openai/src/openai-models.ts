import type { ModelRule, RefusableField } from "./shared/model-rule.ts";

const sampling: readonly RefusableField[] = ["temperature", "topP", "presencePenalty", "frequencyPenalty"];

/** Reasoning models take rules from the developer, refuse sampling and stop sequences, and think without a word. */
const reasons = { systemRole: "developer", hiddenReasoning: true, refuses: [...sampling, "stop"] } as const;

/** From 5.1 on sampling is taken as long as the model does not reason. */
const mayReason = {
  systemRole: "developer",
  hiddenReasoning: true,
  refusesWhenReasoning: sampling,
  refuses: ["stop"],
} as const;

/**
 * What is particular to OpenAI's models, whatever the protocol. Efforts by model:
 * https://platform.openai.com/docs/guides/reasoning and the model pages, looked up in November 2026; a model that is not known yet is
 * taken for the newest of its family.
 */
export const openaiModels: readonly ModelRule[] = [
  { models: /^gpt-5(\.\d+)?-search/, refuses: [...sampling, "stop"] },
  { models: /^gpt-5-chat/ },
  { models: /^gpt-5\.[12]-chat/, ...reasons, efforts: ["medium"] },
  { models: /^gpt-5\.\d+-chat/ },
  { models: /^gpt-5-pro/, ...reasons, efforts: ["high"] },
  { models: /^gpt-5\.\d+-pro/, ...reasons, efforts: ["medium", "high", "xhigh"] },
  { models: /^gpt-5(\.1)?-codex(?!-max)/, ...reasons, efforts: ["low", "medium", "high"] },
  { models: /^gpt-5\.\d+-codex/, ...reasons, efforts: ["low", "medium", "high", "xhigh"] },
  { models: /^gpt-5(-(mini|nano))?(-\d|$)/, ...reasons, efforts: ["minimal", "low", "medium", "high"] },
  { models: /^gpt-5\.1/, ...mayReason, efforts: ["none", "low", "medium", "high"] },
  { models: /^gpt-([6-9]|5\.\d)/, ...mayReason, efforts: ["none", "low", "medium", "high", "xhigh"] },
  { models: /^(ft:)?o\d/, ...reasons, efforts: ["low", "medium", "high"] },
  { models: /-search(-preview|-api)/, refuses: [...sampling, "stop", "seed"] },
];
