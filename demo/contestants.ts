import type { Kind } from "./questions.ts";

/** One of the three models that the demo compares, as it is known from published measurements. */
export interface Contestant {
  readonly name: string;
  readonly role: "frontier" | "production" | "edge";
  readonly provider: "openai" | "together" | "ollama";
  /** What goes on the wire. */
  readonly id: string;
  /** Its name in ZeroEval's files. */
  readonly recordedAs: string;
  /** US dollars for a million tokens. */
  readonly price: { readonly input: number; readonly output: number };
  /** Milliseconds until its first token. */
  readonly firstToken: number;
  readonly tokensPerSecond: number;
  /** The share of right answers. */
  readonly accuracy: Readonly<Record<Kind, number>>;
  /** Tokens of an answer, on average: a token for four characters. */
  readonly answerTokens: Readonly<Record<Kind, number>>;
  readonly sources: { readonly price: string; readonly speed: string };
}

/**
 * Accuracy and length of answers are measured on a sample of ZeroEval's published outputs (github.com/WildEval/ZeroEval, Apache-2.0;
 * greedy, zero-shot), scored anew: GSM8K for word problems, CRUXEval's output prediction for code, MATH level 5 for number theory.
 */
export const accuracySource = "ZeroEval's published outputs (GSM8K, CRUXEval, MATH level 5), our sample and scoring";

/** Strongest and dearest first. */
export const contestants: readonly [Contestant, Contestant, Contestant] = [
  {
    name: "GPT-4o",
    role: "frontier",
    provider: "openai",
    id: "gpt-4o-2024-05-13",
    recordedAs: "gpt-4o-2024-05-13",
    price: { input: 5, output: 15 },
    firstToken: 390,
    tokensPerSecond: 81,
    accuracy: { "word problem": 0.9535, code: 0.8578, "number theory": 0.5182 },
    answerTokens: { "word problem": 136, code: 172, "number theory": 418 },
    sources: { price: "the catalogue", speed: "Artificial Analysis, GPT-4o (May '24) at OpenAI" },
  },
  {
    name: "Llama 3 70B",
    role: "production",
    provider: "together",
    id: "meta-llama/Llama-3-70b-chat-hf",
    recordedAs: "Meta-Llama-3-70B-Instruct",
    price: { input: 0.88, output: 0.88 },
    firstToken: 640,
    tokensPerSecond: 87,
    accuracy: { "word problem": 0.9234, code: 0.5937, "number theory": 0.224 },
    answerTokens: { "word problem": 114, code: 125, "number theory": 201 },
    sources: {
      price: "Together's price list, given as the application's own price",
      speed: "LLMPerf leaderboard, Llama 2 70B at Together: the same size at the same host",
    },
  },
  {
    name: "Phi-3.5-mini",
    role: "edge",
    provider: "ollama",
    id: "phi3.5",
    recordedAs: "Phi-3.5-mini-instruct",
    price: { input: 0.13, output: 0.52 },
    firstToken: 210,
    tokensPerSecond: 85,
    accuracy: { "word problem": 0.8331, code: 0.4221, "number theory": 0.1719 },
    answerTokens: { "word problem": 219, code: 205, "number theory": 676 },
    sources: {
      price: "Azure's price in the catalogue, given as the application's own price",
      speed: "Artificial Analysis, Phi-4 at DeepInfra: the nearest sibling measured",
    },
  },
];
