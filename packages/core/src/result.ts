import type { Finish, ModelEvent, Start, Warning } from "./event.ts";
import type { AssistantPart, ToolCallPart } from "./part.ts";
import { finishOf, startOf } from "./gathering.ts";

/** A whole answer; `generate` gives it, and a drained `stream` gives the same. */
export interface ModelResult extends Start, Finish {
  readonly content: readonly AssistantPart[];
  readonly warnings: readonly Warning[];
}

/** The text of an answer: its text parts, joined with nothing between. */
export function textOf({ content }: { readonly content: readonly AssistantPart[] }): string {
  let text = "";
  for (const part of content) if (part.type === "text") text += part.text;
  return text;
}

/** The thoughts of an answer: its reasoning parts, joined with nothing between. */
export function reasoningOf({ content }: { readonly content: readonly AssistantPart[] }): string {
  let text = "";
  for (const part of content) if (part.type === "reasoning") text += part.text;
  return text;
}

/** The tool calls that the application must run: those that nobody has executed. */
export function toolCallsOf({ content }: { readonly content: readonly AssistantPart[] }): ToolCallPart[] {
  return content.filter((part): part is ToolCallPart => part.type === "tool-call" && !part.executed);
}

/** The events that a whole answer would have come as: one delta a part. */
export function eventsOf(result: ModelResult): ModelEvent[] {
  const events: ModelEvent[] = [{ type: "start", ...startOf(result) }];
  result.content.forEach((part, index) => {
    if (part.type === "text") events.push({ type: "text-delta", index, text: part.text });
    else if (part.type === "reasoning") events.push({ type: "reasoning-delta", index, text: part.text });
    else if (part.type === "tool-call") {
      events.push({ type: "tool-call-start", index, id: part.id, name: part.name });
      events.push({ type: "tool-call-delta", index, text: part.raw ?? JSON.stringify(part.input) });
    }
    events.push({ type: "part", index, part });
  });
  events.push({ type: "finish", ...finishOf(result) });
  return events;
}
