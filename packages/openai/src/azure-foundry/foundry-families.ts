import { exactCallId } from "../shared/exact-call-id.ts";
import type { DialectFamily } from "../chat-completions/dialect.ts";
import { thinkTags } from "../chat-completions/think-tags.ts";
import { openaiFiles } from "../openai-dialect.ts";
import { openaiModels } from "../openai-models.ts";
import type { RefusableField } from "../shared/model-rule.ts";
import { xaiModels } from "../xai-models.ts";

const sampling: readonly RefusableField[] = ["temperature", "topP", "presencePenalty", "frequencyPenalty"];

/** They answer with text alone, and think aloud in `<think>` tags where the API has no place for thoughts. */
const thinksAloud = { thinkTags, output: "none", files: [], refuses: [...sampling, "tools"] } as const;
const textAlone = { output: "none", refuses: ["tools"] } as const;

/**
 * What the models take that Azure deploys, by the family that a deployment's catalogue name, or else its own, begins with or has after its
 * publisher's: the columns "Tool calling" and "Response formats" of
 * https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/models-sold-directly-by-azure and
 * https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/models-from-partners, and what reasoning models refuse by
 * https://learn.microsoft.com/azure/ai-foundry/foundry-models/how-to/use-chat-reasoning; looked up in November 2026. GitHub Models are the same.
 */
export const foundryFamilies: readonly DialectFamily[] = [
  {
    named: /(^|\/)(gpt-|o\d|model-router)/i,
    dialect: {
      maxTokens: "max_completion_tokens",
      strict: true,
      providerTools: ["custom"],
      files: openaiFiles,
      models: openaiModels,
    },
  },
  { named: /deepseek-r1|mai-ds-r1/i, dialect: thinksAloud },
  { named: /phi-4.*reasoning/i, dialect: thinksAloud },
  { named: /phi-4-multimodal/i, dialect: { ...textAlone, files: ["image/*", "audio/wav", "audio/mpeg"] } },
  { named: /phi-3.*vision/i, dialect: textAlone },
  { named: /phi-/i, dialect: { ...textAlone, files: [] } },
  { named: /llama-(3\.2.*vision|4)/i, dialect: textAlone },
  { named: /llama/i, dialect: { ...textAlone, files: [] } },
  { named: /codestral/i, dialect: { ...textAlone, files: [], hottest: 1.5 } },
  {
    // The rules of Mistral's models are the same wherever they run: https://docs.mistral.ai/api
    named: /mi(ni)?stral/i,
    dialect: { output: "json_object", callId: /* @__PURE__ */ exactCallId(9), userAfterResults: false, hottest: 1.5 },
  },
  { named: /cohere|command/i, dialect: { output: "json_object", files: [] } },
  { named: /deepseek/i, dialect: { output: "json_object", files: [] } },
  { named: /kimi/i, dialect: { output: "none", files: [], replay: "reasoning_content" } },
  { named: /grok/i, dialect: { output: "none", files: ["image/png", "image/jpeg"], models: xaiModels } },
];
