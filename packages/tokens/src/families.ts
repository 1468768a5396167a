import type { ModelKey } from "@plugboard/core";
import type { EncodingName } from "./encoding.ts";

/** How the tokens of a family of models are counted. */
export interface Family {
  readonly name: string;
  /** Tested on the catalogue's name of a model, else on its id. */
  readonly models: RegExp;
  readonly encoding: EncodingName;
  /** Tokens of the family's own tokenizer for one of `encoding`. */
  readonly factor: number;
  /** Tokens around each message: its role and its borders. */
  readonly message: number;
  /** Tokens that every prompt has besides: what begins it, what begins the answer. */
  readonly prompt: number;
  /** Tokens of the instructions that the provider puts before tools, besides the tools. */
  readonly tools: number;
  /** Relative error of the text; 0 where the tokenizer is public and the overhead documented. */
  readonly error: number;
  /** Tokens by which the overhead may be off: without tools or an output schema, and with. */
  readonly slack: number;
  readonly toolSlack: number;
}

/**
 * The first whose pattern fits. OpenAI's rows are documented: encodings by tiktoken's model table, 3 tokens a message with one for its
 * role and 3 for the answer's beginning by the cookbook ("How to count tokens with tiktoken"). The reasoning models were measured to
 * need one token less, `gpt-oss` has a system text of its own. The other rows are measured: see the README.
 */
const families: readonly Family[] = [
  {
    name: "gpt-oss",
    models: /gpt-oss/i,
    encoding: "o200k_base",
    factor: 1,
    message: 4,
    prompt: 63,
    tools: 0,
    error: 0,
    slack: 10,
    toolSlack: 120,
  },
  // Previews that search or hear: their templates are their own.
  {
    name: "gpt-4o previews",
    models: /gpt-4o.*(search|audio|realtime)/i,
    encoding: "o200k_base",
    factor: 1,
    message: 4,
    prompt: 3,
    tools: 0,
    error: 0,
    slack: 10,
    toolSlack: 60,
  },
  {
    name: "gpt-4o",
    models: /(gpt-4o|gpt-4\.[1-9]|chatgpt-4o)/i,
    encoding: "o200k_base",
    factor: 1,
    message: 4,
    prompt: 3,
    tools: 0,
    error: 0,
    slack: 0,
    toolSlack: 60,
  },
  // Its oldest version has one token more a message.
  {
    name: "gpt-3.5",
    models: /gpt-3\.?5/i,
    encoding: "cl100k_base",
    factor: 1,
    message: 4,
    prompt: 3,
    tools: 0,
    error: 0.05,
    slack: 2,
    toolSlack: 60,
  },
  {
    name: "gpt-4",
    models: /gpt-4/i,
    encoding: "cl100k_base",
    factor: 1,
    message: 4,
    prompt: 3,
    tools: 0,
    error: 0,
    slack: 0,
    toolSlack: 60,
  },
  {
    name: "gpt-5",
    models: /(gpt-5|(^|\/)o[1-9]($|-))/i,
    encoding: "o200k_base",
    factor: 1,
    message: 4,
    prompt: 2,
    tools: 0,
    error: 0,
    slack: 3,
    toolSlack: 400,
  },
  {
    name: "claude",
    models: /claude/i,
    encoding: "o200k_base",
    factor: 1.15,
    message: 5,
    prompt: 3,
    tools: 440,
    error: 0.1,
    slack: 10,
    toolSlack: 350,
  },
  {
    name: "gemini",
    models: /gemini/i,
    encoding: "o200k_base",
    factor: 1.05,
    message: 0,
    prompt: 0,
    tools: 0,
    error: 0.15,
    slack: 6,
    toolSlack: 60,
  },
  {
    name: "gemma",
    models: /gemma/i,
    encoding: "o200k_base",
    factor: 1.15,
    message: 5,
    prompt: 4,
    tools: 0,
    error: 0.2,
    slack: 6,
    toolSlack: 300,
  },
  {
    name: "llama",
    models: /llama/i,
    encoding: "o200k_base",
    factor: 1.02,
    message: 5,
    prompt: 5,
    tools: 100,
    error: 0.1,
    slack: 30,
    toolSlack: 600,
  },
  {
    name: "mistral",
    models: /(mistral|mixtral|ministral|magistral|codestral|devstral|pixtral|voxtral)/i,
    encoding: "o200k_base",
    factor: 1.1,
    message: 2,
    prompt: 4,
    tools: 40,
    error: 0.15,
    slack: 16,
    toolSlack: 60,
  },
  {
    name: "deepseek",
    models: /deepseek/i,
    encoding: "o200k_base",
    factor: 1.03,
    message: 2,
    prompt: 2,
    tools: 225,
    error: 0.1,
    slack: 14,
    toolSlack: 150,
  },
  {
    name: "grok",
    models: /grok/i,
    encoding: "o200k_base",
    factor: 1,
    message: 4,
    prompt: 2,
    tools: 140,
    error: 0.1,
    slack: 10,
    toolSlack: 150,
  },
  {
    name: "qwen",
    models: /(qwen|qwq)/i,
    encoding: "o200k_base",
    factor: 1.1,
    message: 4,
    prompt: 3,
    tools: 200,
    error: 0.15,
    slack: 6,
    toolSlack: 150,
  },
  {
    name: "phi",
    models: /(^|[^a-z])phi-?\d/i,
    encoding: "o200k_base",
    factor: 1.1,
    message: 4,
    prompt: 3,
    tools: 100,
    error: 0.3,
    slack: 10,
    toolSlack: 300,
  },
];

/** For models of which nothing is known. */
const unknownFamily: Family = {
  name: "unknown",
  models: /^/,
  encoding: "o200k_base",
  factor: 1.1,
  message: 4,
  prompt: 4,
  tools: 150,
  error: 0.35,
  slack: 30,
  toolSlack: 600,
};

/** The family of a model. A deployment's name tells nothing, its catalogue's name does. */
export function familyOf({ id, catalogId }: ModelKey): Family {
  const name = catalogId ?? id;
  return families.find(({ models }) => models.test(name)) ?? unknownFamily;
}
