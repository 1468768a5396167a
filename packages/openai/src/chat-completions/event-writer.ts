import type { FinishReason, Json, JsonObject, ModelEvent, SourcePart, Usage } from "@plugboard/core";
import type { EventWriter, ServedRequest } from "@plugboard/wire";
import { writeFinishReason } from "./finish-reasons.ts";
import {
  callForClient,
  usageMember,
  writeCitations,
  writeFile,
  writeLogprobs,
  writeOwn,
  writeSources,
} from "./write-answer.ts";
import { errorBody } from "../shared/write-error.ts";

/**
 * Writes an answer as chunks. Calls of tools that are not the client's are held back until it is known that nobody else runs them.
 * That an answer is a refusal is known only at its end: then its finish reason is `content_filter`.
 */
export function chatEventWriter(
  asked: ServedRequest,
  envelope: (start: { readonly id?: string; readonly created?: number }) => JsonObject,
  manner: "openai" | "mistral",
): EventWriter {
  const own = new Set(asked.request.tools?.filter((tool) => tool.type !== "provider").map(({ name }) => name));
  const streamUsage = manner === "mistral" || ("streamUsage" in asked && asked.streamUsage === true);
  /** Indexes whose deltas were sent, and the place of a call among the calls. */
  const sent = new Map<number, number>();
  let calls = 0;
  let head = "";
  let saying = -1;
  let said = 0;
  let before = 0;
  let usage: Usage = {};
  const sources: SourcePart[] = [];

  function chunk(delta: JsonObject): string {
    return `${head}"choices":[{"index":0,"delta":${JSON.stringify(delta)},"finish_reason":null}]}\n\n`;
  }

  function say(index: number, member: string, text: string): string {
    if (index !== saying) {
      saying = index;
      before = said;
      sent.set(index, -1);
    }
    if (member === "content") said += text.length;
    return `${head}"choices":[{"index":0,"delta":{"${member}":${JSON.stringify(text)}},"finish_reason":null}]}\n\n`;
  }

  function startCall(index: number, call: JsonObject): string {
    sent.set(index, calls);
    return chunk({ tool_calls: [{ index: calls++, ...call }] });
  }

  function writePart(event: Extract<ModelEvent, { type: "part" }>): string {
    const { index, part } = event;
    const told = sent.has(index);
    switch (part.type) {
      case "text": {
        const text = told || part.text === "" ? "" : say(index, "content", part.text);
        const annotations = writeCitations(part.citations ?? [], before);
        return annotations.length > 0 ? text + chunk({ annotations }) : text;
      }
      case "reasoning":
        return told || part.text === "" ? "" : say(index, "reasoning_content", part.text);
      case "tool-call":
        return told || part.executed ? "" : startCall(index, callForClient(part));
      case "file": {
        const member = writeFile(part);
        return Object.keys(member).length > 0 ? chunk(member) : "";
      }
      case "source":
        sources.push(part);
        return "";
      default: // results of tools that others ran, and items that only their provider understands
        return "";
    }
  }

  function finish(event: Extract<ModelEvent, { type: "finish" }>): string {
    usage = event.usage;
    const reason: FinishReason = event.finishReason === "refusal" ? "content-filter" : event.finishReason;
    const { logprobs } = writeLogprobs(event);
    const last: Json = { index: 0, delta: {}, logprobs, finish_reason: writeFinishReason(reason) };
    const members = JSON.stringify({ ...writeOwn(event), ...writeSources(sources), choices: [last] });
    const counts = streamUsage ? usageMember(usage) : {};
    const end = "usage" in counts ? `${head}${JSON.stringify({ choices: [], ...counts }).slice(1)}\n\n` : "";
    return `${head}${members.slice(1)}\n\n${end}data: [DONE]\n\n`;
  }

  return {
    write(event) {
      switch (event.type) {
        case "text-delta":
          return event.text === "" ? "" : say(event.index, "content", event.text);
        case "reasoning-delta":
          return event.text === "" ? "" : say(event.index, "reasoning_content", event.text);
        case "tool-call-start":
          if (manner === "mistral" || !own.has(event.name)) return "";
          return startCall(event.index, {
            id: event.id,
            type: "function",
            function: { name: event.name, arguments: "" },
          });
        case "tool-call-delta": {
          const place = sent.get(event.index);
          if (place === undefined || event.text === "") return "";
          return chunk({ tool_calls: [{ index: place, function: { arguments: event.text } }] });
        }
        case "part":
          return writePart(event);
        case "start": {
          const { id, created, model } = event;
          const members = envelope({ ...(id !== undefined && { id }), ...(created !== undefined && { created }) });
          const text = JSON.stringify({ ...members, object: "chat.completion.chunk", model: model || asked.model });
          head = `data: ${text.slice(0, -1)},`;
          return chunk({ role: "assistant", content: "" });
        }
        case "finish":
          return finish(event);
        default: // the usage so far is told at the end; of other types nothing is known
          return "";
      }
    },
    fail(error) {
      return `data: ${JSON.stringify(errorBody(error))}\n\n`;
    },
  };
}
