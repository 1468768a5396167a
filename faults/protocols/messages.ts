import type { JsonObject } from "@plugboard/core";
import { anthropic } from "@plugboard/anthropic";
import { sse } from "./protocol.ts";
import type { Protocol, WireAnswer, WireCall, WireFailure } from "./protocol.ts";

const head = { id: "msg_01X", type: "message", role: "assistant", model: "claude-haiku-4-5-20251001" };
const reasons = { stop: "end_turn", length: "max_tokens", "tool-calls": "tool_use" };
const thoughts = 20; // blocks of calls stand from 1 on

function event(type: string, data: JsonObject = {}): string {
  return sse({ type, ...data }, type);
}

/** A delta of a block; the first opens it, as nobody else does. */
function delta(index: number, body: JsonObject): string {
  return event("content_block_delta", { index, delta: body });
}

function begun({ id, name, pieces }: WireCall, place = 0): string {
  const block = { type: "tool_use", id, name, input: {} };
  return (
    event("content_block_start", { index: place + 1, content_block: block }) +
    delta(place + 1, { type: "input_json_delta", partial_json: "" }) +
    delta(place + 1, { type: "input_json_delta", partial_json: pieces[0]! })
  );
}

function reasonOf({ ending = "stop" }: WireAnswer): string {
  return reasons[ending];
}

function failure({ message, type }: WireFailure): JsonObject {
  return { type: "error", error: { type, message }, request_id: "req_011" };
}

/** https://platform.claude.com/docs/en/build-with-claude/streaming */
export const messages: Protocol = {
  name: "messages",
  provider: "anthropic",
  model: (options) => anthropic("claude-haiku-4-5", options),
  preamble:
    event("message_start", {
      message: { ...head, content: [], stop_reason: null, usage: { input_tokens: 12, output_tokens: 1 } },
    }) +
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }) +
    event("ping"),
  text: (text) => delta(0, { type: "text_delta", text }),
  reasoning: (thinking) =>
    event("content_block_start", {
      index: thoughts,
      content_block: { type: "thinking", thinking: "", signature: "" },
    }) + delta(thoughts, { type: "thinking_delta", thinking }),
  call: (call, place = 0) =>
    begun(call, place) +
    call.pieces
      .slice(1)
      .map((text) => delta(place + 1, { type: "input_json_delta", partial_json: text }))
      .join("") +
    event("content_block_stop", { index: place + 1 }),
  callBegun: (call) => begun(call),
  ending: (answer) =>
    event("content_block_stop", { index: 0 }) +
    event("message_delta", {
      delta: { stop_reason: reasonOf(answer), stop_sequence: null },
      usage: { output_tokens: 7 },
    }),
  done: () => event("message_stop"),
  idling: event("ping"),
  unknown: event("content_block_weather", { index: 0, forecast: "rain" }),
  error: (told) => sse(failure(told), "error"),
  whole(answer) {
    const { text = "", calls = [] } = answer;
    const content = [
      ...(text === "" ? [] : [{ type: "text", text }]),
      ...calls.map(({ id, name, pieces }) => ({
        type: "tool_use",
        id,
        name,
        input: JSON.parse(pieces.join("")) as JsonObject,
      })),
    ];
    const usage = { input_tokens: 12, output_tokens: 7 };
    return JSON.stringify({ ...head, content, stop_reason: reasonOf(answer), stop_sequence: null, usage });
  },
  failure: (told) => JSON.stringify(failure(told)),
};
