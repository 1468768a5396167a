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
  const { promptCaching, output } = features;
  const probes: FeatureProbe[] = [
    {
      ...probe("streaming", features.streaming, "stream", { ...plain, stream: true }),
      stands: (planned, whole) => planned.url !== whole.url || differs(planned, whole),
    },
    ...(Object.keys(settings) as SettingName[]).map((name) => {
      const sought: Json = name === "stop" ? settings.stop[0] : settings[name];
      return {
        ...probe(name, features.settings.includes(name), name, { ...plain, [name]: settings[name] }),
        stands: ({ body }: RequestPlan) => holds(body, (value) => value === sought),
      };
    }),
    {
      ...probe("tools", features.tools, "tools", withTools),
      stands: ({ body }) => holds(body, (value) => value === "zebra_count") && describes(body),
    },
    {
      ...probe("reasoning", features.reasoning, "reasoning", { ...plain, reasoning: "high" }),
      stands: differs,
    },
    ...media.map(([feature, mediaType, filename]) => ({
      ...probe(feature, features[feature], "messages[0].content[1]", {
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "What is it?" },
              { type: "file", mediaType, data: bytes, filename },
            ],
          },
        ],
      }),
      stands: ({ body }: RequestPlan) => tells(body, base64),
    })),
    {
      ...probe("suffix", features.suffix, "suffix", { ...plain, suffix: "zebra after the gap" }),
      stands: ({ body }) => tells(body, "zebra after the gap"),
    },
    // Nothing that anyone knows: it must be said that it is left out.
    {
      ...probe("providerTools", false, "tools[0]", {
        ...plain,
        tools: [{ type: "provider", id: "nobody.zebra_search" }],
      }),
      name: "providerTools of nobody",
      stands: ({ body }) => tells(body, "zebra_search"),
    },
    ...features.providerTools.map((id) => ({
      ...probe("providerTools", true, "tools[0]", { ...plain, tools: [{ type: "provider", id }] }),
      name: `providerTools ${id}`,
      stands: differs,
    })),
    ...outputProbes(output),
  ];
  if (features.tools) {
    probes.push(
      {
        ...probe("parallelTools", features.parallelTools, "messages", { ...withTools, messages: inParallel }),
        stands: ({ body }) =>
          ["700001", "700002", "zebra result 1", "zebra result 2"].every((text) => tells(body, text)),
      },
      ...choices.map(([name, toolChoice]) => ({
        ...probe("toolChoice", features.toolChoice.includes(name), "toolChoice", { ...withTools, toolChoice }),
        name: `toolChoice ${name}`,
        plain: withTools,
        stands: differs,
      })),
    );
  }
  if (typeof promptCaching === "object") {
    probes.push({
      ...probe("promptCaching", true, "messages[0]", {
        messages: [{ role: "user", content: [{ type: "text", text: "A zebra.", providerData: promptCaching.mark }] }],
      }),
      plain: { messages: [{ role: "user", content: [{ type: "text", text: "A zebra." }] }] },
      stands: differs,
    });
  }
  return probes;
}

/** What is weaker than a schema must say that it is. */
function outputProbes(strongest: ProviderFeatures["output"]): FeatureProbe[] {
  const asked: ModelRequest = { ...plain, output: { schema, name: "zebra" } };
  const expected = strongest === "schema" ? "sent" : strongest === "none" ? "left out" : "adapted";
  const withSchema: FeatureProbe = {
    ...probe("output", true, "output", asked),
    name: "output with a schema",
    expected,
    stands: ({ body }) => describes(body) || (expected === "adapted" && tells(body, "zebraStripes")),
  };
  if (strongest !== "json") return [withSchema];
  const words: ModelRequest = { messages: [{ role: "user", content: "JSON, please." }] };
  return [
    withSchema,
    {
      ...probe("output", true, "output", { ...words, output: {} }),
      name: "output of any JSON",
      plain: words,
      stands: differs,
    },
  ];
}

function probe(
  feature: ProbedFeature,
  declared: boolean,
  path: string,
  request: ModelRequest,
): Omit<FeatureProbe, "stands"> {
  return { feature, name: feature, expected: declared ? "sent" : "left out", path, request, plain };
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
  return holds(body, (value) => (typeof value === "string" ? value.includes(text) : String(value) === text));
}

/** Whether something in a body, at any depth, is as asked. */
function holds(value: Json | undefined, is: (value: Json, key: string) => boolean, key = ""): boolean {
  if (value === undefined) return false;
  if (is(value, key)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, member]) => holds(member as Json, is, name));
}
