import { isDeepStrictEqual } from "node:util";
import type { Json, JsonSchema, Message, ModelRequest, RequestPlan, ToolChoice } from "@plugboard/core";
import type { ProbedFeature, ProviderFeatures, SettingName } from "../provider-features.ts";

/** One question to an adapter: what would be sent for this. */
export interface FeatureProbe {
  readonly feature: ProbedFeature;
  /** What is asked: `toolChoice named`. */
  readonly name: string;
  /** What must come of it: it is sent; in another form, with a warning; or it is warned of or refused. */
  readonly expected: "sent" | "adapted" | "left out";
  /** What warnings about it begin with. */
  readonly path: string;
  readonly request: ModelRequest;
  /** The same request without it. */
  readonly plain: ModelRequest;
  /** Whether it stands in what would be sent. */
  readonly stands: (planned: RequestPlan, plain: RequestPlan) => boolean;
}

const question: Message = { role: "user", content: "How many stripes has a zebra?" };
const plain: ModelRequest = { messages: [question] };

// What is looked for in a body: nothing that an adapter would write by itself.
const settings = {
  maxOutputTokens: 4321,
  temperature: 0.3125,
  topP: 0.5625,
  topK: 37,
  presencePenalty: 0.4375,
  frequencyPenalty: 0.6875,
  stop: ["zebra-stop"],
  seed: 424_242,
} as const satisfies { readonly [Name in SettingName]: ModelRequest[Name] };

const schema: JsonSchema = {
  type: "object",
  properties: { zebraStripes: { type: "integer", description: "How many" } },
  required: ["zebraStripes"],
  additionalProperties: false,
};
const tools = [{ name: "zebra_count", description: "Counts the stripes of a zebra", input: schema }] as const;
const withTools: ModelRequest = { ...plain, tools };

const bytes = new TextEncoder().encode("zebra in bytes, which is no multiple of three");
const base64 = Buffer.from(bytes).toString("base64");

const inParallel: readonly Message[] = [
  question,
  {
    role: "assistant",
    content: [1, 2].map((number) => ({
      type: "tool-call" as const,
      id: `zebra${number}abc`.slice(0, 9),
      name: "zebra_count",
      input: { zebraStripes: 700_000 + number },
    })),
  },
  {
    role: "tool",
    content: [1, 2].map((number) => ({
      type: "tool-result" as const,
      id: `zebra${number}abc`.slice(0, 9),
      name: "zebra_count",
      output: `zebra result ${number}`,
    })),
  },
];

const choices: readonly (readonly ["none" | "required" | "named", ToolChoice])[] = [
  ["none", "none"],
  ["required", "required"],
  ["named", { name: "zebra_count" }],
];

const media = [
  ["images", "image/png", "zebra.png"],
  ["pdfs", "application/pdf", "zebra.pdf"],
  ["audio", "audio/wav", "zebra.wav"],
] as const;

/** Everything that an adapter is asked to show what it declares. */
export function featureProbes(features: ProviderFeatures): readonly FeatureProbe[] {
  const streamed = { ...plain, stream: true };
  return [
    probe("streaming", features.streaming, "stream", streamed, (planned, whole) => {
      return planned.url !== whole.url || differs(planned, whole);
    }),
    ...(Object.keys(settings) as SettingName[]).map((name) => settingProbe(name, features)),
    ...media.map(([feature, mediaType, filename]) => fileProbe(feature, mediaType, filename, features)),
    probe("reasoning", features.reasoning, "reasoning", { ...plain, reasoning: "high" }, differs),
    probe("suffix", features.suffix, "suffix", { ...plain, suffix: "zebra after the gap" }, ({ body }) =>
      tells(body, "zebra after the gap"),
    ),
    ...outputProbes(features.output),
    ...toolProbes(features),
    ...cachingProbes(features),
  ];
}

function settingProbe(name: SettingName, features: ProviderFeatures): FeatureProbe {
  const sought: Json = name === "stop" ? settings.stop[0] : settings[name];
  const asked = { ...plain, [name]: settings[name] };
  return probe(name, features.settings.includes(name), name, asked, ({ body }) =>
    holds(body, (value) => value === sought),
  );
}

function fileProbe(
  feature: "images" | "pdfs" | "audio",
  mediaType: string,
  filename: string,
  features: ProviderFeatures,
): FeatureProbe {
  const file = { type: "file", mediaType, data: bytes, filename } as const;
  const asked: ModelRequest = { messages: [{ role: "user", content: [{ type: "text", text: "What is it?" }, file] }] };
  return probe(feature, features[feature], "messages[0].content[1]", asked, ({ body }) => tells(body, base64));
}

/** What is weaker than a schema must say that it is. */
function outputProbes(strongest: ProviderFeatures["output"]): FeatureProbe[] {
  const asked: ModelRequest = { ...plain, output: { schema, name: "zebra" } };
  const expected = strongest === "schema" ? "sent" : strongest === "none" ? "left out" : "adapted";
  const stands: FeatureProbe["stands"] = ({ body }) =>
    describes(body) || (expected === "adapted" && tells(body, "zebraStripes"));
  const withSchema = probe("output", true, "output", asked, stands, { name: "output with a schema", expected });
  if (strongest !== "json") return [withSchema];

  const words: ModelRequest = { messages: [{ role: "user", content: "JSON, please." }] };
  const anyJson = { ...words, output: {} };
  return [withSchema, probe("output", true, "output", anyJson, differs, { name: "output of any JSON", plain: words })];
}

function toolProbes(features: ProviderFeatures): FeatureProbe[] {
  const probes = [
    probe("tools", features.tools, "tools", withTools, ({ body }) => {
      return holds(body, (value) => value === "zebra_count") && describes(body);
    }),
    ...features.providerTools.map((id) => providerToolProbe(id, true, differs)),
    // Nothing that anyone knows: it must be said that it is left out.
    providerToolProbe("nobody.zebra_search", false, ({ body }) => tells(body, "zebra_search")),
  ];
  if (!features.tools) return probes;

  const told = ["700001", "700002", "zebra result 1", "zebra result 2"];
  const asked = { ...withTools, messages: inParallel };
  probes.push(
    probe("parallelTools", features.parallelTools, "messages", asked, ({ body }) =>
      told.every((text) => tells(body, text)),
    ),
    ...choices.map(([name, toolChoice]) =>
      probe("toolChoice", features.toolChoice.includes(name), "toolChoice", { ...withTools, toolChoice }, differs, {
        name: `toolChoice ${name}`,
        plain: withTools,
      }),
    ),
  );
  return probes;
}

function providerToolProbe(id: `${string}.${string}`, declared: boolean, stands: FeatureProbe["stands"]): FeatureProbe {
  const asked: ModelRequest = { ...plain, tools: [{ type: "provider", id }] };
  return probe("providerTools", declared, "tools[0]", asked, stands, { name: `providerTools ${id}` });
}

function cachingProbes({ promptCaching }: ProviderFeatures): FeatureProbe[] {
  if (typeof promptCaching !== "object") return [];
  const text = { type: "text", text: "A zebra." } as const;
  const unmarked: ModelRequest = { messages: [{ role: "user", content: [text] }] };
  const marked: ModelRequest = {
    messages: [{ role: "user", content: [{ ...text, providerData: promptCaching.mark }] }],
  };
  return [probe("promptCaching", true, "messages[0]", marked, differs, { plain: unmarked })];
}

function probe(
  feature: ProbedFeature,
  declared: boolean,
  path: string,
  request: ModelRequest,
  stands: FeatureProbe["stands"],
  more: Partial<Pick<FeatureProbe, "name" | "plain" | "expected">> = {},
): FeatureProbe {
  const expected = declared ? "sent" : "left out";
  return { feature, name: feature, expected, path, request, plain, stands, ...more };
}

function differs(planned: RequestPlan, plain: RequestPlan): boolean {
  return !isDeepStrictEqual(planned.body, plain.body);
}

/** The schema stands there as one, not in words: as an object, or written out as JSON and nothing else. */
function describes(body: Json): boolean {
  return holds(body, (value, key) => {
    if (key === "zebraStripes" && typeof value === "object") return true;
    return typeof value === "string" && value.startsWith("{") && value.includes('"zebraStripes":');
  });
}

/** Whether some text of a body has another in it. */
function tells(body: Json, text: string): boolean {
  return holds(body, (value) => (typeof value === "string" ? value : JSON.stringify(value)).includes(text));
}

/** Whether something in a body, at any depth, is as asked. */
function holds(value: Json | undefined, is: (value: Json, key: string) => boolean, key = ""): boolean {
  if (value === undefined) return false;
  if (is(value, key)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, member]) => holds(member, is, name));
}
