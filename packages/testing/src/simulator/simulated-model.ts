import type { AssistantPart, FinishReason, Json, ModelRequest, ModelResult, Usage } from "@plugboard/core";
import type { SeededRandom } from "../seeded-random.ts";
import type { Fault } from "./fault.ts";
import type { Replay } from "./replay.ts";
import type { SimulatedCall } from "./simulated-call.ts";

/** How a simulated model behaves. */
export interface SimulatedModel {
  /** What it answers; a function is asked at every call, and what it throws is answered as an error. */
  readonly answer:
    | SimulatedAnswer
    | ((request: ModelRequest, asked: Asked) => SimulatedAnswer | Promise<SimulatedAnswer>);
  /** How fast; at once where left out. */
  readonly pace?: Pace;
  /** Tokens of a text, for the usage it reports. @default a token for every four characters, rounded up */
  readonly count?: (text: string) => number;
  /** What goes wrong: with every call, with the first calls of a list, or as a function says. */
  readonly fault?: Fault | readonly (Fault | undefined)[] | ((call: SimulatedCall) => Fault | undefined);
}

/** The circumstances of a question. */
export interface Asked {
  readonly model: string;
  /** How often this model was asked before. */
  readonly call: number;
  /** The same numbers for the same seed, model and call. */
  readonly random: SeededRandom;
}

/** A text, the pieces of an answer, a whole result, or recorded bytes. */
export type SimulatedAnswer = string | SimulatedPieces | Pick<ModelResult, "content" | "finishReason"> | Replay;

/** An answer in pieces, in this order. */
export interface SimulatedPieces {
  readonly reasoning?: string;
  readonly text?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly input: Json; readonly id?: string }[];
  /** Whatever else it is made of, after the rest. */
  readonly parts?: readonly AssistantPart[];
  /** @default "tool-calls" where there are any, else "stop" */
  readonly finishReason?: FinishReason;
  /** Over what is counted. */
  readonly usage?: Usage;
}

/** When the tokens of an answer come. */
export interface Pace {
  /** Milliseconds until the first token. @default 0 */
  readonly first?: number;
  /** How far `first` varies, as a share of it: 0.2 is a fifth up or down. Seeded. @default 0 */
  readonly spread?: number;
  /** @default Infinity */
  readonly tokensPerSecond?: number;
}
