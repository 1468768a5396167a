import type { EventOf, Json, JsonObject, Start, TextPart } from "@plugboard/core";
import { grown } from "@plugboard/core";
import type { EventWriter, ServedRequest } from "@plugboard/wire";
import { isObject } from "../shared/fields.ts";
import { errorBody } from "../shared/write-error.ts";
import { ending, envelope } from "./envelope.ts";
import type { Head } from "./envelope.ts";
import type { ItemShelf } from "./item-shelf.ts";
import {
  annotationsForClient,
  callItem,
  itemForClient,
  messageItem,
  phaseOf,
  pieceForClient,
  reasoningItem,
} from "./write-items.ts";

/** An item that is being sent. */
interface OpenItem {
  readonly kind: "text" | "reasoning" | "call" | "custom";
  readonly place: number;
  readonly id: string;
  /** As it was announced. */
  readonly item: JsonObject;
  /** The front of its deltas, up to the text. */
  readonly front: string;
  text: string;
}

/**
 * Writes an answer as events. Calls of tools that are not the client's are held back until it is known that nobody else runs them. That
 * an answer is a refusal is known only at its end: then it is incomplete, for a filter.
 */
export function responsesEventWriter(
  asked: ServedRequest,
  headOf: (start: Start) => Head,
  echo: JsonObject,
  shelf?: ItemShelf,
): EventWriter {
  const kinds = new Map<string, "call" | "custom">();
  for (const tool of asked.request.tools ?? []) {
    if (tool.type !== "provider") kinds.set(tool.name, "call");
    else if (tool.id === "openai.custom" && tool.name !== undefined) kinds.set(tool.name, "custom");
  }
  const open = new Map<number, OpenItem>();
  const output: Json[] = [];
  let head: Head = { id: "", prefix: "", created: 0, model: asked.model };
  let sequence = 0;
  let refused = false;

  function event(type: string, members: JsonObject): string {
    const data = { type, sequence_number: sequence++, ...members };
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  function announce(index: number, kind: OpenItem["kind"], item: JsonObject, delta: string): OpenItem {
    const place = output.length;
    output.push(item);
    const id = item["id"] as string;
    const where = {
      item_id: id,
      output_index: place,
      ...(kind === "text" && { content_index: 0, logprobs: [] }),
      ...(kind === "reasoning" && { summary_index: 0 }),
    };
    const front = `event: ${delta}\ndata: {"type":"${delta}",${JSON.stringify(where).slice(1, -1)},"delta":`;
    const begun = { kind, place, id, item, front, text: "" };
    open.set(index, begun);
    return begun;
  }

  function add({ place, item }: OpenItem): string {
    return event("response.output_item.added", { output_index: place, item });
  }

  function done({ place }: OpenItem, item: JsonObject): string {
    output[place] = item;
    shelf?.put(item);
    return event("response.output_item.done", { output_index: place, item });
  }

  function nextId(): string {
    return `${head.prefix}_${output.length}`;
  }

  function say(item: OpenItem, text: string): string {
    item.text = grown(item.text, text);
    return `${item.front}${JSON.stringify(text)},"sequence_number":${sequence++}}\n\n`;
  }

  function sayText(index: number, text: string): string {
    const known = open.get(index);
    if (known) return say(known, text);
    const item = messageItem(`msg_${nextId()}`, "in_progress", undefined);
    const begun = announce(index, "text", item, "response.output_text.delta");
    return add(begun) + event("response.content_part.added", { ...at(begun), part: emptyText }) + say(begun, text);
  }

  function sayThought(index: number, text: string): string {
    const known = open.get(index);
    if (known) return say(known, text);
    const item = reasoningItem({ type: "reasoning", text: "" }, nextId());
    const begun = announce(index, "reasoning", item, "response.reasoning_summary_text.delta");
    const part = { type: "summary_text", text: "" };
    return (
      add(begun) + event("response.reasoning_summary_part.added", { ...inSummary(begun), part }) + say(begun, text)
    );
  }

  function startCall({ index, id, name }: EventOf<"tool-call-start">): string {
    const kind = kinds.get(name);
    if (!kind) return "";
    const custom = kind === "custom" && { providerData: { openai: { type: "custom" } } };
    const part = { type: "tool-call", id, name, input: "", raw: "", ...custom } as const;
    const delta =
      kind === "custom" ? "response.custom_tool_call_input.delta" : "response.function_call_arguments.delta";
    return add(announce(index, kind, callItem(part, nextId(), "in_progress"), delta));
  }

  function closeText(begun: OpenItem, part: TextPart): string {
    let text = event("response.output_text.done", { ...at(begun), text: begun.text, logprobs: [] });
    annotationsForClient(part).forEach((annotation, place) => {
      text += event("response.output_text.annotation.added", { ...at(begun), annotation_index: place, annotation });
    });
    const piece = pieceForClient({ ...part, text: begun.text, providerData: {} }, false);
    return (
      text +
      event("response.content_part.done", { ...at(begun), part: piece }) +
      done(begun, messageItem(begun.id, "completed", piece, phaseOf(part)))
    );
  }

  function writePart({ index, part }: EventOf<"part">): string {
    const begun = open.get(index);
    open.delete(index);
    if (!begun) {
      if (part.type === "text" && part.text === "") return "";
      const item = itemForClient(part, nextId(), false);
      if (!item) return "";
      if (part.type === "text" && isRefusal(item)) refused = true;
      const place = output.push(item) - 1;
      shelf?.put(item);
      return (
        event("response.output_item.added", { output_index: place, item }) +
        event("response.output_item.done", { output_index: place, item })
      );
    }
    switch (part.type) {
      case "text":
        return closeText(begun, part);
      case "reasoning": {
        const whole = { type: "summary_text", text: begun.text };
        const end =
          event("response.reasoning_summary_text.done", { ...inSummary(begun), text: begun.text }) +
          event("response.reasoning_summary_part.done", { ...inSummary(begun), part: whole });
        // One of OpenAI's keeps its id: it goes back to OpenAI with it.
        const { id, ...item } = reasoningItem(part, "");
        return end + done(begun, { id: id === "rs_" ? begun.id : id, ...item });
      }
      case "tool-call": {
        const { id: _, ...call } = callItem(part, "", "completed");
        const where = { item_id: begun.id, output_index: begun.place };
        const end =
          begun.kind === "custom"
            ? event("response.custom_tool_call_input.done", { ...where, input: begun.text })
            : event("response.function_call_arguments.done", { ...where, name: part.name, arguments: begun.text });
        return end + done(begun, { id: begun.id, ...call });
      }
      default:
        return "";
    }
  }

  function finish(given: EventOf<"finish">): string {
    let text = "";
    // A call that was cut short is not one to run.
    for (const begun of open.values()) text += done(begun, { ...begun.item, status: "incomplete" });
    const isRefused = given.finishReason === "refusal" && !refused;
    const end = ending(isRefused ? { ...given, finishReason: "content-filter" } : given);
    return text + event(`response.${end.status}`, { response: { ...envelope(head, echo), ...end, output } });
  }

  return {
    write(given) {
      switch (given.type) {
        case "text-delta":
          return given.text === "" ? "" : sayText(given.index, given.text);
        case "reasoning-delta":
          return given.text === "" ? "" : sayThought(given.index, given.text);
        case "tool-call-start":
          return startCall(given);
        case "tool-call-delta": {
          const begun = open.get(given.index);
          return begun && given.text !== "" ? say(begun, given.text) : "";
        }
        case "part":
          return writePart(given);
        case "start": {
          head = headOf(given);
          const response = envelope(head, echo);
          return event("response.created", { response }) + event("response.in_progress", { response });
        }
        case "finish":
          return finish(given);
        default: // the usage so far is told at the end; of other types nothing is known
          return "";
      }
    },
    fail(error) {
      const body = errorBody(error) as { readonly error: { readonly code: Json; readonly message: string } };
      const { code, message } = body.error;
      return event("error", { code, message, param: null });
    },
  };
}

const emptyText = { type: "output_text", text: "", annotations: [], logprobs: [] };

function at({ id, place }: OpenItem): JsonObject {
  return { item_id: id, output_index: place, content_index: 0 };
}

function inSummary({ id, place }: OpenItem): JsonObject {
  return { item_id: id, output_index: place, summary_index: 0 };
}

function isRefusal({ content }: JsonObject): boolean {
  const [piece] = Array.isArray(content) ? (content as readonly Json[]) : [];
  return isObject(piece) && piece["type"] === "refusal";
}
