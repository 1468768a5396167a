import type { Model, ModelErrorCode, ModelResult, ToolCallPart } from "@plugboard/core";
import type { ProviderSample } from "@plugboard/testing";
import { ModelError, reasoningOf, textOf, toolCallsOf } from "@plugboard/core";

/** What two ways to the same provider must agree on. */
export interface Compared {
  readonly text?: string;
  readonly reasoning?: string;
  readonly calls?: readonly Pick<ToolCallPart, "name" | "input">[];
  readonly finishReason?: ModelResult["finishReason"];
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly error?: ModelErrorCode;
}

/** A fetch that answers with a recorded body, whatever is asked. */
export function recordedFetch({
  status,
  headers,
  body,
  framing,
}: Pick<ProviderSample, "status" | "headers" | "body" | "framing">): typeof fetch {
  const type = framing === "sse" ? "text/event-stream" : "application/json";
  return () =>
    Promise.resolve(new Response(new Uint8Array(body), { status, headers: { "content-type": type, ...headers } }));
}

/** Asks a model what a sample asks, the way that it asks. */
export async function compared(model: Model, { call, mode }: Pick<ProviderSample, "call" | "mode">): Promise<Compared> {
  const { model: _, ...request } = call;
  try {
    const result = mode === "stream" ? await (await model.stream(request)).result() : await model.generate(request);
    const { finishReason, usage } = result;
    return {
      text: textOf(result),
      reasoning: reasoningOf(result),
      calls: toolCallsOf(result).map(({ name, input }) => ({ name, input })),
      finishReason,
      input: usage.input,
      output: usage.output,
    };
  } catch (error) {
    return { error: error instanceof ModelError ? error.code : "unknown" };
  }
}
