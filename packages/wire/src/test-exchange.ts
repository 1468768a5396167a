import type { Json, ModelEvent, ModelResult } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import type { Exchange } from "./exchange.ts";
import type { StreamDecoder } from "./stream-decoder.ts";
import { failureInBand } from "./failure.ts";
import { parseJson } from "./parse-json.ts";
import { sse } from "./sse.ts";

/**
 * The small protocol of these tests: `{"text": "…"}` is a delta, `{"usage": 3}` a count, `{"error": …}` a failure, `{"ping": 1}`
 * nothing, and `[DONE]` the end. An answer in one body is `{"text": "…"}`.
 */
export function testExchange(url: string, given: Partial<Exchange> = {}): Exchange {
  const { request = { messages: [], stream: true }, ...more } = given;
  return {
    provider: "parrot",
    model: "polly",
    url,
    headers: { authorization: "Bearer sk-test-0123456789abcdef" },
    body: { ask: "hello" },
    request,
    options: {},
    warnings: [],
    stream: { framing: sse, decoder: testDecoder },
    whole: testWhole,
    ...more,
  };
}

/** The same, answered in one body. */
export function wholeExchange(url: string, given: Partial<Exchange> = {}): Exchange {
  const { stream: _, ...whole } = testExchange(url, given);
  return whole;
}

type Message = { readonly text?: string; readonly usage?: number; readonly error?: Json; readonly done?: boolean };

function testWhole(body: Json, start: Parameters<Exchange["whole"]>[1]): ModelResult {
  const { text, error } = body as Message;
  if (error !== undefined) throw failureInBand(error, { provider: "parrot" });
  if (typeof text !== "string") throw new TypeError("no text");
  return { model: "polly", ...start, warnings: [], content: [{ type: "text", text }], finishReason: "stop", usage: {} };
}

function testDecoder(start: Parameters<Exchange["whole"]>[1]): StreamDecoder {
  let text: string | undefined;
  function finish(out: ModelEvent[]): void {
    if (text !== undefined) out.push({ type: "part", index: 0, part: { type: "text", text } });
    out.push({ type: "finish", finishReason: "stop", usage: {} });
  }
  return {
    push(data, _name, out) {
      if (data === "[DONE]") return finish(out);
      const message = parseJson(data) as Message;
      if (text === undefined) {
        out.push({ type: "start", model: "polly", ...start });
        text = "";
      }
      if (message.error !== undefined) throw failureInBand(message.error, { provider: "parrot" });
      if (message.usage !== undefined) out.push({ type: "usage", usage: { output: message.usage } });
      if (message.text !== undefined) {
        text += message.text;
        out.push({ type: "text-delta", index: 0, text: message.text });
      }
      if (message.done) finish(out);
    },
    end() {},
  };
}

/** What a promise rejects with; fails where it does not. */
export async function failureFrom(promise: Promise<unknown>): Promise<ModelError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error("It did not fail.");
}
