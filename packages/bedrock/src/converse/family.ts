/** What a family of models takes through the Converse API, where families differ. */
export interface Family {
  /** Made by Anthropic: what generations of Claude take is looked up apart, and their signed thoughts are taken back. */
  readonly claude?: true;
  /** How far it can be made to call a tool: one that is named, any, or none at all. */
  readonly forced: "tool" | "any" | "none";
  /** Whether a result of a tool may say that all went well; that it failed is always said. */
  readonly status?: true;
  /** Where among `additionalModelRequestFields` it takes `topK`. */
  readonly topK?: readonly string[];
  /** Whether it takes a JSON Schema for its answer. */
  readonly structured?: true;
  /** How it is asked to think. */
  readonly effort?: Effort;
}

/** A field of `additionalModelRequestFields` that says how much to think. */
interface Effort {
  readonly fields: (
    level: "low" | "medium" | "high",
  ) => Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  /** It thinks without being asked, and cannot be told not to. */
  readonly always?: true;
  /** It says nothing of it before the answer. */
  readonly hidden?: true;
  /** At the highest level it takes no limit and no sampling parameters. */
  readonly freeAtHigh?: true;
}

const nova: Family = { forced: "tool", status: true, topK: ["inferenceConfig", "topK"] };
const open: Family = { forced: "tool", structured: true };

// Sources: https://docs.aws.amazon.com/bedrock/latest/userguide (conversation-inference-supported-models-features, structured-output,
// model-parameters), the API reference of ToolChoice and ToolResultBlock, and the guide of Nova 2, all read in November 2026;
// `reasoning_config` of Qwen from recorded calls, `reasoning_effort` from vercel/ai#11467.
const table: readonly (readonly [pattern: RegExp, family: Family])[] = [
  [/anthropic|claude/, { claude: true, forced: "tool", status: true, topK: ["top_k"] }],
  [
    /nova-2/,
    {
      ...nova,
      effort: {
        fields: (level) => ({ reasoningConfig: { type: "enabled", maxReasoningEffort: level } }),
        hidden: true,
        freeAtHigh: true,
      },
    },
  ],
  [/amazon\.nova/, nova],
  [/gpt-oss/, { ...open, effort: { fields: (level) => ({ reasoning_effort: level }), always: true } }],
  [/qwen3/, { ...open, effort: { fields: (level) => ({ reasoning_config: level }) } }],
  [/deepseek\.r1/, { forced: "none" }],
  [/deepseek|gemma-3|nemotron|minimax|kimi|moonshot/, open],
  [/ministral|magistral|voxtral|mistral-large-3/, open],
  [/mistral/, { forced: "any", topK: ["top_k"] }],
  [/meta\.llama|ai21|cohere\.command/, { forced: "none" }],
];

/** Nothing is known, as of an ARN without the model behind it: it is taken for one that can do what most can. */
const unknown: Family = { forced: "tool", status: true };

/** What is known of a model by its id, or that of the model behind it. */
export function familyOf(model: string): Family {
  const id = model.toLowerCase();
  return table.find(([pattern]) => pattern.test(id))?.[1] ?? unknown;
}
