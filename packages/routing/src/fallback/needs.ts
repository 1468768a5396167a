import type {
  FilePart,
  LimitsLookup,
  Message,
  ModelKey,
  ModelLimits,
  Prompt,
  TokenCount,
  TokenCounter,
  ToolResultPart,
} from "@plugboard/core";
import { estimateTokens } from "../estimate-tokens.ts";

/** What a model can do, as far as it decides whether it can be asked. What nobody says is absent. */
export interface TargetAbilities {
  /** Calls the application's tools. */
  readonly tools?: boolean;
  /** Holds its answer to a JSON Schema. */
  readonly structuredOutput?: boolean;
  /** Thinks before it answers. */
  readonly reasoning?: boolean;
  /** What it takes: `text`, `image`, `audio`, `video`, `pdf`. */
  readonly input?: readonly string[];
}

/** What a model can do; `undefined` for one that is not known. */
export type AbilitiesLookup = (model: ModelKey) => TargetAbilities | undefined;

/** What is known of models, to leave out those that cannot take a request. */
export interface Knowledge {
  /** How much a model takes and gives. @default nothing is known; `plugboard` gives the catalogue's */
  readonly limits?: LimitsLookup;
  /** What a model can do. @default nothing is known; `plugboard` gives the catalogue's */
  readonly abilities?: AbilitiesLookup;
  /** Counts the tokens of a request. @default an estimate from the characters, from which only what surely does not fit is left out */
  readonly count?: TokenCounter;
}

/** Why a request cannot be sent to a model. */
export interface Misfit {
  readonly code: "context-length" | "unsupported";
  readonly why: string;
}

/**
 * Why none of the adapters that may answer can take the request; `undefined` if one can, or nobody knows. What an adapter adapts, such
 * as an output schema or reasoning, is no reason.
 */
export async function misfitOf(
  leaves: readonly ModelKey[],
  prompt: Prompt,
  knowledge: Knowledge,
): Promise<Misfit | undefined> {
  let first: Misfit | undefined;
  for (const leaf of leaves) {
    const misfit = lackOf(leaf, prompt, knowledge) ?? (await excessOf(leaf, prompt, knowledge));
    if (!misfit) return undefined;
    first ??= misfit;
  }
  return first;
}

/** The same at once, for who has counted: why none of them can take the request. */
export function countedMisfitOf(
  leaves: readonly ModelKey[],
  prompt: Prompt,
  knowledge: Knowledge,
  counted: TokenCount,
): Misfit | undefined {
  let first: Misfit | undefined;
  for (const leaf of leaves) {
    const misfit = lackOf(leaf, prompt, knowledge) ?? overflow(roomOf([leaf], prompt, knowledge), counted);
    if (!misfit) return undefined;
    first ??= misfit;
  }
  return first;
}

/** How many tokens of input fit at most; infinite where unknown. */
export function roomOf(leaves: readonly ModelKey[], { maxOutputTokens = 0 }: Prompt, { limits }: Knowledge): number {
  return Math.max(...leaves.map((leaf) => roomIn(limits?.(leaf), maxOutputTokens)));
}

/**
 * The answer shares the context with the question, unless the provider bounds the question by itself. Where more is asked for than half
 * of it, some providers shorten the answer instead.
 */
function roomIn({ input, context, output = Infinity }: ModelLimits = {}, maxOutputTokens: number): number {
  if (input !== undefined) return input;
  return context === undefined ? Infinity : context - Math.min(maxOutputTokens, output, Math.floor(context / 2));
}

async function excessOf(
  leaf: ModelKey,
  prompt: Prompt,
  { limits, count = estimateTokens }: Knowledge,
): Promise<Misfit | undefined> {
  const room = roomIn(limits?.(leaf), prompt.maxOutputTokens ?? 0);
  if (room === Infinity) return undefined;
  return overflow(room, await count(prompt, leaf));
}

function overflow(room: number, { tokens, bound }: TokenCount): Misfit | undefined {
  if (bound === "upper") return undefined; // may be far less
  const least = bound === "exact" ? tokens : Math.floor(tokens / (1 + bound.error));
  if (least <= room) return undefined;
  return { code: "context-length", why: `takes ${room} tokens of input, and the request has at least ${least}` };
}

function lackOf(leaf: ModelKey, prompt: Prompt, { abilities }: Knowledge): Misfit | undefined {
  const known = abilities?.(leaf);
  if (!known) return undefined;
  if (known.tools === false && prompt.tools?.length && prompt.toolChoice !== "none") {
    return { code: "unsupported", why: "calls no tools" };
  }
  const { input } = known;
  const strange = input && formsIn(prompt.messages).find((form) => !input.includes(form));
  return strange === undefined ? undefined : { code: "unsupported", why: `takes no ${strange} input` };
}

/** The forms of the files that the user or a tool sends. */
function formsIn(messages: readonly Message[]): string[] {
  const forms: string[] = [];
  for (const { role, content } of messages) {
    if (typeof content === "string" || role === "assistant") continue;
    for (const part of content) {
      if (part.type === "file") add(part);
      else if (part.type === "tool-result") filesOf(part).forEach(add);
    }
  }
  return forms;

  function add({ mediaType }: FilePart): void {
    const [form = ""] = mediaType.split("/");
    if (mediaType === "application/pdf") forms.push("pdf");
    else if (form === "image" || form === "audio" || form === "video") forms.push(form);
  }
}

function filesOf({ output }: ToolResultPart): FilePart[] {
  return typeof output === "string" ? [] : output.filter((part) => part.type === "file");
}
