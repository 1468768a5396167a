/** What a Claude model takes, where generations differ. */
export interface ClaudeAbilities {
  /** The most it writes in one answer, thinking included. */
  readonly outputLimit: number;
  /** Whether it takes `temperature`, `top_p` and `top_k`. */
  readonly sampling: boolean;
  /** Whether it takes `temperature` beside `top_p`. */
  readonly bothSamplings: boolean;
  /** How it is asked to think: with a budget of tokens, or with an effort. */
  readonly thinking: readonly ("budget" | "effort")[];
  /** Whether it thinks when nobody asks: and whether that can be turned off. */
  readonly thinksUnasked: "no" | "yes" | "always";
  /** Whether its thoughts are left out of the answer unless `display` asks for them. */
  readonly hidesThoughts: boolean;
  /** Whether it takes a JSON Schema for its answer. */
  readonly structured: boolean;
  /** Whether it goes on from an assistant message at the end. */
  readonly prefill: boolean;
  /** Whether it takes system messages between the others. */
  readonly laterSystem: boolean;
}

// Sources, all read in November 2026: Anthropic's pages on extended and adaptive thinking, effort, structured outputs,
// mid-conversation system messages and migration; output limits as listed by models.dev on 2026-07-02.
const newest: ClaudeAbilities = {
  outputLimit: 128_000,
  sampling: false,
  bothSamplings: false,
  thinking: ["effort"],
  thinksUnasked: "yes",
  hidesThoughts: true,
  structured: true,
  prefill: false,
  laterSystem: true,
};

const always: ClaudeAbilities = { ...newest, thinksUnasked: "always" };
const opus48: ClaudeAbilities = { ...newest, thinksUnasked: "no" };
const opus47: ClaudeAbilities = { ...opus48, laterSystem: false };

const claude46: ClaudeAbilities = {
  ...opus47,
  sampling: true,
  thinking: ["effort", "budget"],
  hidesThoughts: false,
};

const claude45: ClaudeAbilities = { ...claude46, outputLimit: 64_000, thinking: ["budget"], prefill: true };
const opus41: ClaudeAbilities = { ...claude45, outputLimit: 32_000 };
const claude40: ClaudeAbilities = { ...claude45, bothSamplings: true, structured: false };
const opus40: ClaudeAbilities = { ...claude40, outputLimit: 32_000 };
const claude35: ClaudeAbilities = { ...claude40, outputLimit: 8192, thinking: [] };
const claude3: ClaudeAbilities = { ...claude35, outputLimit: 4096 };
const compatible: ClaudeAbilities = { ...claude40, outputLimit: 8192 };

/** The first that matches. Ids carry dates, and on other platforms prefixes: `us.anthropic.claude-opus-4-1-20250805-v1:0`. */
const table: readonly (readonly [pattern: RegExp, abilities: ClaudeAbilities])[] = [
  [/claude-3[.-]7/, claude40],
  [/claude-3[.-]5/, claude35],
  [/claude-(3|2|instant)/, claude3],
  [/claude-(fable|mythos)/, always],
  [/claude-opus-4[.-]8(?!\d)/, opus48],
  [/claude-[a-z]+-4[.-]7(?!\d)/, opus47],
  [/claude-sonnet-4[.-]6(?!\d)/, { ...claude46, outputLimit: 64_000 }],
  [/claude-[a-z]+-4[.-]6(?!\d)/, claude46],
  [/claude-[a-z]+-4[.-]5(?!\d)/, claude45],
  [/claude-opus-4[.-]1(?!\d)/, opus41],
  [/claude-opus-4/, opus40],
  [/claude-[a-z]+-4/, claude40],
  [/claude/, newest],
];

/** What is known of a model by its id. One that is not of Anthropic (a compatible endpoint) is taken for one of the Claude 4 kind. */
export function claudeAbilities(model: string): ClaudeAbilities {
  const id = model.toLowerCase();
  return table.find(([pattern]) => pattern.test(id))?.[1] ?? compatible;
}
