/** A step of thinking, as Google names it. */
export type ThinkingLevel = "MINIMAL" | "LOW" | "MEDIUM" | "HIGH";

/** What a model takes, where generations differ. */
export interface Abilities {
  /** How it is told how much to think: by a step, by a budget of tokens, or not at all. */
  readonly thinking:
    | { readonly levels: readonly ThinkingLevel[] }
    | { readonly least: number; readonly most: number; readonly off: boolean }
    | undefined;
  /** Whether it thinks when nobody asks. */
  readonly thinksUnasked: boolean;
  /** Whether it takes JSON Schema for answers and tools, besides Google's own kind of schema. */
  readonly jsonSchema: boolean;
  /** Whether it calls tools in a request that wants its answer in JSON. */
  readonly toolsWithJson: boolean;
  /** Whether it calls the application's tools in a request that lets it use Google's. */
  readonly toolsTogether: boolean;
  /** Whether it refuses calls of its own that have no signature. */
  readonly wantsSignatures: boolean;
  /** Whether results of tools hold files. */
  readonly fileResults: boolean;
  /** Whether it takes `presencePenalty` and `frequencyPenalty`. */
  readonly penalties: boolean;
  /** Whether it takes tools, system messages and a form for its answer. */
  readonly instructed: boolean;
}

// Sources, as they stood in November 2026: Google's pages on thinking, thought signatures, structured output and function calling;
// for the penalties, vercel/ai issue 8943 and google-gemini/cookbook issue 1290.
const older: Abilities = {
  thinking: undefined,
  thinksUnasked: false,
  jsonSchema: false,
  toolsWithJson: false,
  toolsTogether: false,
  wantsSignatures: false,
  fileResults: false,
  penalties: true,
  instructed: true,
};

const flash25: Abilities = {
  ...older,
  thinking: { least: 0, most: 24_576, off: true },
  thinksUnasked: true,
  jsonSchema: true,
  penalties: false,
};
const pro25: Abilities = { ...flash25, thinking: { least: 128, most: 32_768, off: false } };
const lite25: Abilities = { ...flash25, thinking: { least: 512, most: 24_576, off: true }, thinksUnasked: false };
const speaking25: Abilities = { ...flash25, thinking: undefined, thinksUnasked: false };

const flash3: Abilities = {
  ...flash25,
  thinking: { levels: ["MINIMAL", "LOW", "MEDIUM", "HIGH"] },
  toolsWithJson: true,
  toolsTogether: true,
  wantsSignatures: true,
  fileResults: true,
};
const pro3: Abilities = { ...flash3, thinking: { levels: ["LOW", "MEDIUM", "HIGH"] } };
const pro30: Abilities = { ...flash3, thinking: { levels: ["LOW", "HIGH"] } };
const flashImage3: Abilities = { ...flash3, thinking: { levels: ["MINIMAL", "HIGH"] } };
const proImage3: Abilities = { ...flash3, thinking: undefined };

const gemma: Abilities = { ...older, penalties: false, instructed: false };

/** The first that matches. Ids may be paths: `publishers/google/models/gemini-2.5-flash`. */
const table: readonly (readonly [pattern: RegExp, abilities: Abilities])[] = [
  [/gemma-?[1-3]/, gemma],
  [/gemini-2\.5.*(image|tts|audio)/, speaking25],
  [/gemini-2\.5-flash-lite/, lite25],
  [/gemini-2\.5-pro/, pro25],
  [/gemini-(2\.5|robotics)/, flash25],
  [/gemini-[12](\.|-)/, older],
  [/gemini-.*flash.*image/, flashImage3],
  [/gemini-.*image/, proImage3],
  [/gemini-3-pro/, pro30],
  [/gemini-.*pro/, pro3],
  [/gemini/, flash3],
];

/** What is known of a model by its id. One whose id says nothing, such as an endpoint, is taken for one of the Gemini 2.0 kind. */
export function abilitiesOf(model: string): Abilities {
  const id = model.toLowerCase();
  return table.find(([pattern]) => pattern.test(id))?.[1] ?? older;
}
