import { existsSync, readFileSync, readdirSync } from "node:fs";
import type { FunctionTool, Json, JsonObject, Message } from "@plugboard/core";
import type { ExpectedAnswer, ProviderSample } from "@plugboard/testing";
import { knownAnswers, knownCount } from "./known-cases.ts";
import { sharedHas, sharedPath } from "./shared-path.ts";
import { skipCases } from "./skip-cases.ts";

interface RecordedCall {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: Json }[];
  readonly tools?: readonly {
    readonly name: string;
    readonly description?: string;
    readonly inputSchema?: JsonObject;
  }[];
}

/** What `meta.json` says of a case. */
export interface RecordedMeta {
  readonly mode: string;
  /** Which kind of OpenAI-compatible server answered. */
  readonly server?: string;
  readonly body: string;
  readonly framing: string;
  readonly http: { readonly status: number; readonly headers?: Readonly<Record<string, string>> };
  readonly exercises?: readonly string[];
}

const framings: Readonly<Record<string, ProviderSample["framing"]>> = {
  none: "json",
  sse: "sse",
  ndjson: "ndjson",
  "aws-eventstream": "aws-eventstream",
};

/**
 * The recorded answers of some providers: every case in their folders that is a chat call; `recordedEmbeddings` has the others.
 * Call it at the top of a test file: what is left out, or not there, is said by a skipped test.
 */
export function recordedSamples(...providers: readonly string[]): readonly ProviderSample[] {
  if (!sharedHas("fixtures")) {
    const count = knownCount(knownAnswers, providers);
    skipCases(count, `recorded answers of ${providers.join(", ")}`, `${sharedPath("fixtures")} is not there`);
    return [];
  }
  const samples: ProviderSample[] = [];
  let leftOut = 0;
  for (const provider of providers) {
    for (const name of namesOf(provider)) {
      const sample = readSample(provider, name);
      if (sample) samples.push(sample);
      else if (readMeta(provider, name).mode !== "embed") leftOut++;
    }
  }
  if (leftOut > 0) {
    skipCases(leftOut, `recordings of ${providers.join(", ")}`, "they are framed as no sample can be");
  }
  return samples;
}

/** The cases in a provider's folder, sorted. */
export function namesOf(provider: string): string[] {
  const folder = sharedPath("fixtures", provider);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

export function readMeta(provider: string, name: string): RecordedMeta {
  return JSON.parse(readFileSync(sharedPath("fixtures", provider, name, "meta.json"), "utf8")) as RecordedMeta;
}

/** One case, or `undefined` where it is none of chat or its framing is not ours. */
function readSample(provider: string, name: string): ProviderSample | undefined {
  const path = (file: string): string => sharedPath("fixtures", provider, name, file);
  const meta = readMeta(provider, name);
  const framing = framings[meta.framing];
  if ((meta.mode !== "generate" && meta.mode !== "stream") || !framing) return undefined;

  const call = JSON.parse(readFileSync(path("call.json"), "utf8")) as RecordedCall;
  return {
    name: `${provider}/${name}`,
    mode: meta.mode,
    call: {
      model: call.model,
      messages: call.messages.map(messageOf),
      ...(call.tools && { tools: call.tools.map(toolOf) }),
    },
    status: meta.http.status,
    headers: meta.http.headers ?? {},
    body: readFileSync(path(meta.body)),
    framing,
    expected: JSON.parse(readFileSync(path("expected.json"), "utf8")) as ExpectedAnswer,
    exercises: [...(meta.exercises ?? []), ...(meta.server === undefined ? [] : [meta.server])],
  };
}

/** The answer does not depend on what was asked, so anything but the system's and the model's words is taken as the user's. */
function messageOf({ role, content }: RecordedCall["messages"][number]): Message {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return { role: role === "system" || role === "assistant" ? role : "user", content: text };
}

function toolOf({ name, description, inputSchema }: NonNullable<RecordedCall["tools"]>[number]): FunctionTool {
  return {
    name,
    ...(description && { description }),
    input: inputSchema ?? { type: "object", properties: {} },
  };
}
