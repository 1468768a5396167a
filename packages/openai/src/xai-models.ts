import type { ModelRule } from "./shared/model-rule.ts";

/** What is particular to xAI's models, whatever the protocol. https://docs.x.ai */
export const xaiModels: readonly ModelRule[] = [
  { models: /^grok-3-mini/, efforts: ["low", "high"], refuses: ["presencePenalty", "frequencyPenalty", "stop"] },
  {
    models: /^grok-4(?!.*non-reasoning)/,
    refuses: ["presencePenalty", "frequencyPenalty", "stop"],
    hiddenReasoning: true,
  },
];
