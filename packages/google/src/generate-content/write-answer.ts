import type { AssistantPart, Finish, FinishReason, Json, ModelEvent, ModelResult } from "@plugboard/core";
import type { EventWriter } from "@plugboard/wire";
import type { WirePart } from "./messages.ts";
import { objectOf, without } from "@plugboard/wire";
import { finishReasons } from "./finish.ts";
import { owner, wirePartOf } from "./messages.ts";
import { wireUsageOf } from "./usage.ts";
import { errorBodyOf } from "./write-error.ts";

const reasons: Readonly<Record<FinishReason, string>> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  "tool-calls": "STOP",
  refusal: "SAFETY",
  "content-filter": "SAFETY",
  budget: "MAX_TOKENS",
  other: "OTHER",
  unfinished: "OTHER",
};

/** The names in an answer that are not of its parts. */
export interface AnswerNames {
  readonly responseId: string;
  readonly modelVersion: string;
}

/** A whole answer. */
export function writeAnswer(result: ModelResult, names: AnswerNames): Json {
  const parts = result.content.flatMap((part) => answerPartOf(part) ?? []);
  return {
    candidates: [{ content: { role: "model", parts }, ...endingOf(result, result.content) }],
    ...tailOf(result),
    ...names,
  };
}

/** Writes an answer as chunks of a stream. Calls are written whole: Google has no pieces of them unless they are asked for. */
export function answerWriter(namesOf: (start: { id?: string; model: string }) => AnswerNames): EventWriter {
  let names: AnswerNames | undefined;
  const content: AssistantPart[] = [];
  /** Indexes whose text was written as it came. */
  const written = new Set<number>();

  function chunk(
    parts: readonly WirePart[],
    ending: Record<string, Json> = {},
    tail: Record<string, Json> = {},
  ): string {
    const candidates = [{ content: { role: "model", parts }, ...ending, index: 0 }];
    return frame({ candidates, ...tail, ...names });
  }

  return {
    write(event: ModelEvent): string {
      switch (event.type) {
        case "start":
          names = namesOf(event);
          return "";
        case "text-delta":
          written.add(event.index);
          return chunk([{ text: event.text }]);
        case "reasoning-delta":
          written.add(event.index);
          return chunk([{ text: event.text, thought: true }]);
        case "part": {
          const { part, index } = event;
          content.push(part);
          const wire = answerPartOf(part);
          if (!wire) return "";
          if (!written.has(index) || (part.type !== "text" && part.type !== "reasoning")) return chunk([wire]);
          // What was said as it came stands; a signature follows on an empty text.
          return wire["thoughtSignature"] === undefined ? "" : chunk([{ ...wire, text: "" }]);
        }
        case "finish": {
          return chunk([], endingOf(event, content), tailOf(event));
        }
        default:
          return "";
      }
    },
    fail: (error) => frame(errorBodyOf(error)),
  };
}

/** The part of an answer, as clients know it; `undefined` for what the protocol has no form for, or is not the client's to run. */
function answerPartOf(part: AssistantPart): WirePart | undefined {
  if (part.type === "reasoning") return { text: part.text, thought: true, ...wirePartOf(part, asItIs) };
  if (part.type === "tool-call" && !part.executed) {
    const wire = wirePartOf(part, asItIs)!;
    return { ...wire, functionCall: { id: part.id, ...objectOf(wire["functionCall"]) } };
  }
  return wirePartOf(part, asItIs);
}

function asItIs(name: string): string {
  return name;
}

/** How an answer ended, in the provider's own word where that was Google's, and what it rests on. */
function endingOf(finish: Finish, content: readonly AssistantPart[]): Record<string, Json> {
  const { rawFinishReason: raw, finishReason } = finish;
  const known = raw !== undefined && finishReasons[raw] !== undefined && raw !== "MODEL_ARMOR" ? raw : undefined;
  const fits =
    known !== undefined &&
    (finishReasons[known] === finishReason || (known === "STOP" && finishReason === "tool-calls"));
  const own = objectOf(finish.providerData?.[owner]) ?? {};
  const grounding = own["groundingMetadata"] === undefined ? groundingMetadataOf(content) : undefined;
  return {
    finishReason: fits ? known : reasons[finishReason],
    ...without(own, "promptFeedback", "serviceTier", "trafficType"),
    ...(grounding && { groundingMetadata: grounding }),
  };
}

/** Sources of any provider's as those of a search. */
function groundingMetadataOf(content: readonly AssistantPart[]): Json | undefined {
  const groundingChunks = content.flatMap((part) => {
    if (part.type !== "source" || part.url === undefined) return [];
    return [{ web: { uri: part.url, ...(part.title !== undefined && { title: part.title }) } }];
  });
  return groundingChunks.length > 0 ? { groundingChunks } : undefined;
}

function tailOf({ usage, providerData }: Finish): Record<string, Json> {
  const own = objectOf(providerData?.[owner]) ?? {};
  const told = without(wireUsageOf(usage));
  for (const name of ["serviceTier", "trafficType"]) if (own[name] !== undefined) told[name] = own[name];
  const feedback = own["promptFeedback"];
  return {
    ...(feedback !== undefined && { promptFeedback: feedback }),
    ...(Object.keys(told).length > 0 && { usageMetadata: told }),
  };
}

function frame(data: Json): string {
  return `data: ${JSON.stringify(data)}\r\n\r\n`;
}
