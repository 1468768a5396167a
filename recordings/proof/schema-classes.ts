import type { SchemaClass } from "./schema-class.ts";

/** How one way of asking takes the features of JSON Schema: all are `otherwise` but those that are named. */
export interface SchemaClasses {
  /** The adapters that are asked so. */
  readonly adapters: readonly string[];
  readonly otherwise: SchemaClass;
  readonly but: { readonly [Class in SchemaClass]?: readonly string[] };
}

/** Outside the subset of OpenAI's strict mode. https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
const notStrict = [
  "optional",
  "oneOf",
  "allOf",
  "record",
  "open object",
  "format uri",
  "default",
  "tuple",
  "minLength",
  "uniqueItems",
  "not",
  "any value",
  "list at the root",
  "union at the root",
];

/** What Claude is told in descriptions. https://platform.claude.com/docs/en/build-with-claude/structured-outputs */
const described = [
  "pattern",
  "minLength",
  "minimum",
  "exclusiveMinimum",
  "multipleOf",
  "minItems",
  "uniqueItems",
  "not",
];
const outsideClaude = ["record", "open object", "recursive", "tuple", "any value"];

/** Of Gemini's JSON Schema. https://ai.google.dev/gemini-api/docs/structured-output */
const gemini = {
  described: ["allOf", "format uri", "multipleOf", "uniqueItems", "not"],
  narrowed: ["default"],
};

/** How answers are asked for, by column of the documentation's table. */
export const outputClasses: Readonly<Record<string, SchemaClasses>> = {
  "OpenAI, Azure, Mistral, Groq": {
    adapters: ["openai", "azure", "openai responses", "azure responses", "mistral", "groq"],
    otherwise: "native",
    but: { loose: notStrict },
  },
  "compatible, xAI": {
    adapters: ["openrouter", "perplexity", "vllm", "xai", "xai responses"],
    otherwise: "native",
    but: {},
  },
  "DeepSeek, Phi, in words": { adapters: ["deepseek", "azure foundry"], otherwise: "words", but: {} },
  "Anthropic, Claude on Bedrock": {
    adapters: ["anthropic", "anthropic 2026-10-21", "azure anthropic", "bedrock anthropic", "bedrock"],
    otherwise: "native",
    but: { described, tool: outsideClaude },
  },
  "Bedrock, Vertex, by a tool": { adapters: ["bedrock nova", "vertex anthropic"], otherwise: "tool", but: {} },
  "Google, Vertex": { adapters: ["google", "vertex"], otherwise: "native", but: gemini },
  Cohere: {
    adapters: ["cohere"],
    otherwise: "native",
    but: {
      words: [
        "nullable by anyOf",
        "union",
        "union of objects",
        "oneOf",
        "allOf",
        "record",
        "not",
        "list at the root",
        "union at the root",
      ],
      loose: [
        "format uri",
        "tuple",
        "minLength",
        "minimum",
        "exclusiveMinimum",
        "multipleOf",
        "minItems",
        "uniqueItems",
      ],
    },
  },
  Ollama: { adapters: ["ollama"], otherwise: "native", but: {} },
};

/** How tools that are marked `strict` are held to their arguments. */
export const toolClasses: Readonly<Record<string, SchemaClasses>> = {
  "OpenAI, Azure, Mistral, Groq": outputClasses["OpenAI, Azure, Mistral, Groq"]!,
  "compatible, xAI, Claude on Vertex": {
    adapters: ["openrouter", "vllm", "xai", "xai responses", "deepseek", "vertex anthropic"],
    otherwise: "loose",
    but: {},
  },
  "Perplexity, Phi": { adapters: ["perplexity", "azure foundry"], otherwise: "refused", but: {} },
  "Anthropic, Bedrock": {
    adapters: ["anthropic", "anthropic 2026-10-21", "azure anthropic", "bedrock anthropic", "bedrock", "bedrock nova"],
    otherwise: "native",
    but: { described, loose: outsideClaude },
  },
  "Google, Vertex": { adapters: ["google", "vertex"], otherwise: "native", but: gemini },
  Cohere: { adapters: ["cohere"], otherwise: "native", but: {} },
  Ollama: { adapters: ["ollama"], otherwise: "loose", but: {} },
};

/** The class of a feature in a column. */
export function classIn({ otherwise, but }: SchemaClasses, feature: string): SchemaClass {
  const named = Object.entries(but).find(([, features]) => features.includes(feature));
  return (named?.[0] as SchemaClass | undefined) ?? otherwise;
}
