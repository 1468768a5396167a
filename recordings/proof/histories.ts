import { ModelError } from "@plugboard/core";
import type { AssistantPart, Message, ModelResult, Tool, ToolResultPart } from "@plugboard/core";
import { recordedSamples } from "@plugboard/recordings";
import type { ProviderSample } from "@plugboard/testing";
import type { Adapter } from "./adapters.ts";

/** A conversation with an answer of one provider in it, as an application would go on with it. */
export interface History {
  /** Of the sample that the answer is from. */
  readonly name: string;
  readonly answer: ModelResult;
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
}

/** Where the answer stands in the messages. */
export const answerPlace = 1;

/** Conversations made of an adapter's own and recorded samples: one for each kind of answer that it gives. */
export async function historiesOf(adapter: Adapter): Promise<readonly History[]> {
  const kinds = new Map<string, History>();
  for (const sample of [...adapter.samples, ...recordedSamples(...adapter.recordings)]) {
    const answer = sample.status < 300 ? await answerTo(sample, adapter) : undefined;
    if (!answer || answer.content.length === 0) continue;
    const kind = answer.content.map(kindOf).join("+");
    if (!kinds.has(kind)) kinds.set(kind, historyOf(sample, answer));
  }
  return [...kinds.values()];
}

async function answerTo(
  { body, status, headers, call, mode }: ProviderSample,
  { create }: Adapter,
): Promise<ModelResult | undefined> {
  const fetch: typeof globalThis.fetch = () => {
    const { "content-encoding": _, "content-length": __, "transfer-encoding": ___, ...sent } = headers;
    return Promise.resolve(new Response(Buffer.from(body), { status, headers: sent }));
  };
  const model = create(call.model, { fetch });
  const request = { messages: call.messages, ...(call.tools && { tools: call.tools }) };
  try {
    return await (mode === "stream" ? (await model.stream(request)).result() : model.generate(request));
  } catch (error) {
    if (error instanceof ModelError) return undefined; // a recorded failure
    throw error;
  }
}

function historyOf({ name, call }: ProviderSample, answer: ModelResult): History {
  const results = resultsOf(answer.content);
  return {
    name,
    answer,
    tools: (call.tools ?? []).map(inJsonSchema),
    messages: [
      { role: "user", content: "What do you make of it?" },
      { role: "assistant", content: answer.content },
      ...(results.length > 0 ? [{ role: "tool", content: results } as const] : []),
      { role: "user", content: "And now?" },
    ],
  };
}

/** What the application's tools gave back. */
export function resultsOf(content: readonly AssistantPart[]): ToolResultPart[] {
  return content.flatMap((part, place) =>
    part.type === "tool-call" && !part.executed
      ? [{ type: "tool-result", id: part.id, name: part.name, output: `Result number ${place} of a tool.` } as const]
      : [],
  );
}

/** What tells one answer from another for whoever must send it on. */
function kindOf(part: AssistantPart): string {
  const owned = Object.values(part.providerData ?? {})
    .flatMap((data) => Object.keys(data))
    .toSorted();
  const marks = [
    "executed" in part && part.executed && "executed",
    "invalid" in part && part.invalid && "invalid",
    "citations" in part && part.citations && "cited",
    part.type === "text" && part.text.trim() === "" && "empty",
    part.type === "opaque" && part.kind,
  ].filter(Boolean);
  return [part.type, ...marks, ...owned].join(" ");
}

/** Recorded tools of Gemini's have types in capitals, which is no JSON Schema. */
function inJsonSchema(tool: Tool): Tool {
  const json = JSON.stringify(tool, (key, value: unknown) =>
    key === "type" && typeof value === "string" ? value.toLowerCase() : value,
  );
  return JSON.parse(json) as Tool;
}
