import type { AssistantPart, Message, ModelRequest, ModelResult } from "@plugboard/core";
import type { Replay } from "./replay.ts";
import type { SimulatedAnswer, SimulatedPieces } from "./simulated-model.ts";
import { tokenPieces } from "./token-pieces.ts";

/** A model's answer as a result: counted, and cut where it is longer than was asked for. */
export function resultOf(
  answer: Exclude<SimulatedAnswer, Replay>,
  request: ModelRequest,
  { model, call, count }: { readonly model: string; readonly call: number; readonly count: (text: string) => number },
): ModelResult {
  const pieces = typeof answer === "string" ? { text: answer } : answer;
  const whole = "content" in pieces ? pieces.content : partsOf(pieces, call);
  const { content, cut } = withinTokens(whole, request.maxOutputTokens ?? Infinity, count);
  const usual = content.some((part) => part.type === "tool-call" && !part.executed) ? "tool-calls" : "stop";
  const reasoning = count(textIn(content.filter(({ type }) => type === "reasoning")));
  return {
    model,
    id: `simulated-${call}`,
    created: Date.now(),
    warnings: [],
    content,
    finishReason: cut ? "length" : (pieces.finishReason ?? usual),
    usage: {
      input: count(promptText(request)),
      output: count(textIn(content)),
      ...(reasoning > 0 && { reasoning }),
      ...("usage" in pieces && pieces.usage),
    },
  };
}

function partsOf({ reasoning, text, toolCalls = [], parts = [] }: SimulatedPieces, call: number): AssistantPart[] {
  return [
    ...(reasoning === undefined ? [] : [{ type: "reasoning", text: reasoning } as const]),
    ...(text === undefined ? [] : [{ type: "text", text } as const]),
    ...toolCalls.map(({ id, name, input }, place): AssistantPart => {
      const raw = JSON.stringify(input);
      return { type: "tool-call", id: id ?? `call_${call}_${place}`, name, input, raw };
    }),
    ...parts,
  ];
}

/** What fits: text is cut, and what comes after the cut is not said. */
function withinTokens(
  parts: readonly AssistantPart[],
  most: number,
  count: (text: string) => number,
): { readonly content: readonly AssistantPart[]; readonly cut: boolean } {
  if (count(textIn(parts)) <= most) return { content: parts, cut: false };
  const content: AssistantPart[] = [];
  let before = "";
  for (const part of parts) {
    const whole = before + textIn([part]);
    if (count(whole) <= most) {
      content.push(part);
      before = whole;
      continue;
    }
    if (part.type !== "text" && part.type !== "reasoning") break; // half a call is none
    const text = longestStart(tokenPieces(part.text), (start) => count(before + start) <= most);
    if (text !== "") content.push({ ...part, text });
    break;
  }
  return { content, cut: true };
}

/** As many of the pieces, joined, as fit; found by halving, since counting a long text takes its time. */
function longestStart(pieces: readonly string[], fits: (start: string) => boolean): string {
  let least = 0;
  let most = pieces.length;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(pieces.slice(0, middle).join(""))) least = middle;
    else most = middle - 1;
  }
  return pieces.slice(0, least).join("");
}

/** What of an answer is counted. */
function textIn(parts: readonly AssistantPart[]): string {
  return parts
    .map((part) => {
      if (part.type === "text" || part.type === "reasoning") return part.text;
      return part.type === "tool-call" ? part.name + (part.raw ?? JSON.stringify(part.input)) : "";
    })
    .join("");
}

/** What of a request is counted: the words of the messages and the tools. */
function promptText({ messages, tools }: ModelRequest): string {
  const said = messages.map(textOfMessage).join("\n");
  return tools ? said + JSON.stringify(tools) : said;
}

function textOfMessage({ content }: Message): string {
  if (typeof content === "string") return content;
  return content
    .map((part) => {
      if (part.type === "text" || part.type === "reasoning") return part.text;
      if (part.type === "tool-call") return part.name + (part.raw ?? JSON.stringify(part.input));
      if (part.type !== "tool-result") return "";
      return typeof part.output === "string" ? part.output : JSON.stringify(part.output);
    })
    .join("\n");
}
