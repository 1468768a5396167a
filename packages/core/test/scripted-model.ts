import type { AssistantPart, Model, ModelEvent, ModelRequest, ModelResult, ToolCallPart } from "../src/index.ts";
import { ModelReply, defineModel, eventsOf } from "../src/index.ts";

/** What a scripted model does with one request: answers it, or throws. */
export type Line = Partial<ModelResult> | string | Error | ((request: ModelRequest) => Promise<ModelReply>);

/** A model for tests of this package: one line for each request, the last for all that follow; and what it was asked. */
export interface ScriptedModel extends Model {
  readonly requests: readonly ModelRequest[];
}

/** Each answer comes in reads of `batch` events, its texts in pieces of `piece` characters. */
export function scriptedModel(
  lines: readonly Line[],
  { piece = 4, batch = 1 }: { readonly piece?: number; readonly batch?: number } = {},
): ScriptedModel {
  const requests: ModelRequest[] = [];
  const model = defineModel({
    provider: "script",
    id: "scripted",
    call: async (request) => {
      const line = lines[Math.min(requests.length, lines.length - 1)] ?? "";
      requests.push(request);
      if (line instanceof Error) throw line;
      if (typeof line === "function") return line(request);
      const events = cut(eventsOf(answer(line)), piece);
      return ModelReply.open({ pull: () => Promise.resolve(events.length > 0 ? events.splice(0, batch) : undefined) });
    },
  });
  return Object.assign(model, { requests });
}

/** An answer of ten tokens in and five out, unless it says otherwise. */
export function answer(line: Partial<ModelResult> | string): ModelResult {
  const said: Partial<ModelResult> = typeof line === "string" ? { content: [text(line)] } : line;
  const calls = said.content?.some((part) => part.type === "tool-call" && !part.executed);
  return {
    model: "scripted-1",
    content: [],
    warnings: [],
    finishReason: calls ? "tool-calls" : "stop",
    usage: { input: 10, output: 5 },
    ...said,
  };
}

export function text(words: string): AssistantPart {
  return { type: "text", text: words };
}

export function toolCall(id: string, name: string, input: ToolCallPart["input"], more: object = {}): ToolCallPart {
  return { type: "tool-call", id, name, input, ...more };
}

function cut(events: readonly ModelEvent[], piece: number): ModelEvent[] {
  return events.flatMap((event): ModelEvent[] => {
    if (event.type !== "text-delta") return [event];
    const pieces: ModelEvent[] = [];
    for (let from = 0; from < event.text.length; from += piece) {
      pieces.push({ ...event, text: event.text.slice(from, from + piece) });
    }
    return pieces;
  });
}
