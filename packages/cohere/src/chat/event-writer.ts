import type { AssistantPart, JsonObject, ModelEvent } from "@plugboard/core";
import type { EventWriter, ServedRequest } from "@plugboard/wire";
import { callArguments } from "@plugboard/wire";
import { writeEnding } from "./finish-reasons.ts";
import { planOf, writeCall, writeCitations, writeUsage } from "./write-answer.ts";

/**
 * Writes an answer as Cohere's events: blocks of text and thoughts are numbered, and so are calls, apart. Calls of tools that are not the
 * client's are held back until it is known that nobody else runs them.
 */
export function chatEventWriter({ request }: ServedRequest): EventWriter {
  const own = new Set(request.tools?.filter((tool) => tool.type !== "provider").map(({ name }) => name));
  /** The numbers of the blocks and calls that have begun, by the index of their part. */
  const begun = new Map<number, number>();
  let blocks = 0;
  let calls = 0;
  let citations = 0;
  let id: string | undefined;

  function start(given: string | undefined): string {
    id = given ?? "";
    return frame("message-start", {
      id,
      delta: { message: { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] } },
    });
  }

  function say(part: number, member: "text" | "thinking", text: string): string {
    let block = begun.get(part);
    let written = "";
    if (block === undefined) {
      block = blocks++;
      begun.set(part, block);
      written = frame("content-start", {
        index: block,
        delta: { message: { content: { type: member, [member]: "" } } },
      });
    }
    return `${written}event: content-delta\ndata: {"type":"content-delta","index":${block},"delta":{"message":{"content":{"${member}":${JSON.stringify(text)}}}}}\n\n`;
  }

  function startCall(part: number, call: JsonObject): string {
    begun.set(part, calls);
    return frame("tool-call-start", { index: calls++, delta: { message: { tool_calls: call } } });
  }

  function cite(part: AssistantPart, block: number): string {
    let written = "";
    for (const citation of writeCitations(part, block)) {
      written += frame("citation-start", { index: citations, delta: { message: { citations: citation } } });
      written += frame("citation-end", { index: citations++ });
    }
    return written;
  }

  function writePart({ index, part }: Extract<ModelEvent, { type: "part" }>): string {
    const told = begun.get(index);
    switch (part.type) {
      case "text":
      case "reasoning": {
        const said = told === undefined && part.text !== "";
        const text = said ? say(index, part.type === "text" ? "text" : "thinking", part.text) : "";
        const block = begun.get(index);
        return block === undefined ? "" : `${text}${cite(part, block)}${frame("content-end", { index: block })}`;
      }
      case "tool-call": {
        if (part.executed) return "";
        if (told !== undefined) return frame("tool-call-end", { index: told });
        const call = { ...writeCall(part), function: { name: part.name, arguments: "" } };
        const text = startCall(index, call);
        const place = begun.get(index)!;
        return `${text}${addArguments(place, callArguments(part))}${frame("tool-call-end", { index: place })}`;
      }
      case "opaque": {
        const plan = planOf(part);
        if (plan === "") return "";
        return frame("tool-plan-delta", { delta: { message: { tool_plan: plan } } }) + cite(part, 0);
      }
      default: // files, sources without a passage, and what others ran: Cohere has no place for them
        return "";
    }
  }

  return {
    write(event) {
      switch (event.type) {
        case "start":
          return start(event.id);
        case "text-delta":
          return event.text === "" ? "" : say(event.index, "text", event.text);
        case "reasoning-delta":
          return event.text === "" ? "" : say(event.index, "thinking", event.text);
        case "tool-call-start": {
          if (!own.has(event.name)) return "";
          const call = { id: event.id, type: "function", function: { name: event.name, arguments: "" } };
          return startCall(event.index, call);
        }
        case "tool-call-delta": {
          const call = begun.get(event.index);
          return call === undefined || event.text === "" ? "" : addArguments(call, event.text);
        }
        case "part":
          return writePart(event);
        case "finish": {
          const delta = { ...writeEnding(event), usage: writeUsage(event) };
          return `${frame("message-end", { ...(id !== undefined && { id }), delta })}data: [DONE]\n\n`;
        }
        default: // the counts stand in the last event; of other types nothing is known
          return "";
      }
    },
    fail: (error) => frame("message-end", { delta: { finish_reason: "ERROR", error: error.message } }),
  };
}

function frame(type: string, members: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

function addArguments(call: number, text: string): string {
  return `event: tool-call-delta\ndata: {"type":"tool-call-delta","index":${call},"delta":{"message":{"tool_calls":{"function":{"arguments":${JSON.stringify(text)}}}}}}\n\n`;
}
