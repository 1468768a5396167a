import type { Json } from "@plugboard/core";
import { openai } from "@plugboard/openai";
import { sse } from "./protocol.ts";
import type { Protocol, WireAnswer, WireCall, WireFailure } from "./protocol.ts";

const head = { id: "chatcmpl-8Zk", created: 1_763_000_000, model: "gpt-4o-2024-08-06" };
const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };

function chunk(delta: Json, reason: string | null = null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: reason }];
  return sse({ ...head, object: "chat.completion.chunk", choices, usage: null });
}

function reasonOf({ ending = "stop" }: WireAnswer): string {
  return ending === "tool-calls" ? "tool_calls" : ending;
}

function begun({ id, name, pieces }: WireCall, index = 0): string {
  return (
    chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }) +
    more(pieces[0]!, index)
  );
}

function more(text: string, index: number): string {
  return chunk({ tool_calls: [{ index, function: { arguments: text } }] });
}

function failure({ message, type }: WireFailure): string {
  return JSON.stringify({ error: { message, type, param: null, code: type } });
}

/** https://platform.openai.com/docs/api-reference/chat-streaming */
export const chatCompletions: Protocol = {
  name: "chat-completions",
  provider: "openai",
  model: (options) => openai("gpt-4o", options),
  preamble: chunk({ role: "assistant", content: "", refusal: null }),
  text: (content) => chunk({ content }),
  reasoning: (text) => chunk({ reasoning_content: text }),
  call: (call, place = 0) =>
    begun(call, place) +
    call.pieces
      .slice(1)
      .map((piece) => more(piece, place))
      .join(""),
  callBegun: (call) => begun(call),
  ending: (answer) =>
    chunk({}, reasonOf(answer)) + sse({ ...head, object: "chat.completion.chunk", choices: [], usage }),
  done: () => sse("[DONE]"),
  idling: chunk({}),
  unknown: sse({ ...head, object: "chat.completion.weather", choices: [], forecast: "rain" }),
  error: (told) => sse(failure(told)),
  whole(answer) {
    const { text = null, calls = [] } = answer;
    const message = {
      role: "assistant",
      content: text,
      refusal: null,
      ...(calls.length > 0 && {
        tool_calls: calls.map(({ id, name, pieces }) => ({
          id,
          type: "function",
          function: { name, arguments: pieces.join("") },
        })),
      }),
    };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: reasonOf(answer) }];
    return JSON.stringify({ ...head, object: "chat.completion", choices, usage });
  },
  failure,
};
