import { ModelError, ModelReply, askedRequest, defineModel } from "@plugboard/core";
import type { Json, JsonObject, ModelRequest, ProviderModel, Warning } from "@plugboard/core";
import { expect, test } from "vitest";
import type { ProviderFeatures } from "../provider-features.ts";
import { citationFaults, countingFaults, featureFaults } from "./feature-faults.ts";
import { featureProbes } from "./feature-probes.ts";
import { parrot, parrotSample } from "./parrot.ts";
import type { CreateProvider } from "./sample-faults.ts";
import { testFeatures } from "./test-features.ts";
import { testProvider } from "./test-provider.ts";

/** What can be wrong with how a parrot writes requests, to show that the suite notices. */
interface Defects {
  /** Left out without a word. */
  readonly loses?: keyof ModelRequest;
  /** Sent, and warned of as if it were not. */
  readonly warnsOf?: keyof ModelRequest;
  readonly rejects?: { readonly field: keyof ModelRequest; readonly code: "invalid-request" | "unsupported" };
  /** Sent though the declaration says otherwise. */
  readonly alsoSends?: keyof ModelRequest;
  readonly losesSecondCall?: true;
  readonly losesSchema?: true;
  readonly sendsOnPlan?: true;
  readonly counts?: true;
  readonly noPlan?: true;
}

const features: ProviderFeatures = {
  provider: "parrot",
  protocol: "parrot",
  model: "polly",
  provenBy: "documentation",
  streaming: true,
  tools: true,
  parallelTools: true,
  toolChoice: ["none", "required", "named"],
  output: "schema",
  settings: ["maxOutputTokens", "temperature", "stop", "seed"],
  reasoning: false,
  images: true,
  pdfs: false,
  audio: false,
  suffix: false,
  promptCaching: { mark: { parrot: { cache: true } } },
  citations: false,
  providerTools: ["parrot.mirror"],
  embeddings: false,
  rerank: false,
  tokenCounting: false,
};

const fields = [
  "stream",
  "messages",
  "tools",
  "toolChoice",
  "output",
  "maxOutputTokens",
  "temperature",
  "stop",
  "seed",
] as const;
const known: readonly (keyof ModelRequest)[] = ["topP", "topK", "presencePenalty", "frequencyPenalty", "reasoning"];

/** An adapter of a protocol made up for this test: its bodies are our requests, with bytes in base64. */
function writingParrot(defects: Defects = {}): CreateProvider {
  return (parts) => {
    const model = defineModel({
      provider: "parrot",
      id: parts.model,
      call: () =>
        Promise.resolve(ModelReply.of({ model: "polly", content: [], finishReason: "stop", usage: {}, warnings: [] })),
    });
    const plan: ProviderModel["plan"] = async (asked) => {
      const request = askedRequest(asked);
      if (defects.sendsOnPlan) await parts.fetch("https://parrot.invalid/");
      const { body, warnings } = written(request, defects);
      return { method: "POST", url: "https://parrot.invalid/", headers: {}, body, warnings };
    };
    return {
      ...model,
      ...(!defects.noPlan && { plan }),
      ...(defects.counts && { countTokens: () => Promise.resolve({ tokens: 1 }) }),
    };
  };
}

function written(request: ModelRequest, defects: Defects): { body: JsonObject; warnings: Warning[] } {
  const { rejects, loses, warnsOf, alsoSends } = defects;
  if (request.suffix !== undefined) throw new ModelError("No gaps.", { code: "unsupported" });
  if (rejects && request[rejects.field] !== undefined) throw new ModelError("No.", { code: rejects.code });
  for (const message of request.messages) {
    if (typeof message.content === "string") continue;
    for (const part of message.content) {
      if (part.type === "file" && part.mediaType !== "image/png")
        throw new ModelError("Parrots see pictures alone.", { code: "unsupported" });
    }
  }
  const warnings: Warning[] = [];
  const body: Record<string, unknown> = {};
  for (const field of [...fields, ...(alsoSends ? [alsoSends] : [])])
    if (field !== loses && request[field] !== undefined) body[field] = request[field];
  for (const path of known)
    if (request[path] !== undefined && path !== loses && path !== alsoSends)
      warnings.push({ code: "dropped", path, message: "Not for parrots." });
  if (warnsOf && request[warnsOf] !== undefined) warnings.push({ code: "dropped", path: warnsOf, message: "Lost." });
  if (request.tools && loses !== "tools") {
    body["tools"] = request.tools.filter((tool, place) => {
      if (tool.type !== "provider" || tool.id.startsWith("parrot.")) return true;
      warnings.push({ code: "dropped", path: `tools[${place}]`, message: "Not of parrots." });
      return false;
    });
  }
  if (defects.losesSchema && request.output) body["output"] = { name: request.output.name };
  if (defects.losesSecondCall && request.messages.length === 3)
    body["messages"] = request.messages.map((message) =>
      typeof message.content === "string" ? message : { ...message, content: message.content.slice(0, 1) },
    );
  const json = JSON.stringify(body, (_, member: Json | Uint8Array) =>
    member instanceof Uint8Array ? Buffer.from(member).toString("base64") : member,
  );
  return { body: JSON.parse(json) as JsonObject, warnings };
}

async function allFaults(defects: Defects, declared: Partial<ProviderFeatures> = {}): Promise<string[]> {
  const all = { ...features, ...declared };
  const create = writingParrot(defects);
  const found: string[] = [];
  for (const probe of featureProbes(all)) found.push(...(await featureFaults(create, all, probe)));
  return [...found, ...countingFaults(create, all)];
}

testFeatures("a parrot that says what it can", writingParrot(), features, [parrotSample([{ end: "stop" }])]);
testProvider("a parrot without samples", writingParrot(), [], { features });

const broken: readonly (readonly [string, Defects, RegExp])[] = [
  ["a seed that is lost", { loses: "seed" }, /^feature seed: declared, and not in the body/],
  ["a seed that is warned of", { warnsOf: "seed" }, /^feature seed: declared, and warned of: .*Lost/],
  [
    "a temperature that is refused",
    { rejects: { field: "temperature", code: "unsupported" } },
    /^feature temperature: declared, and refused with `unsupported`/,
  ],
  [
    "reasoning that is silently lost",
    { loses: "reasoning" },
    /^feature reasoning: silently lost: .*"reasoning":"high"/,
  ],
  ["topK that is sent undeclared", { alsoSends: "topK" }, /^feature topK: not declared, and sent without a warning/],
  [
    "a refusal with the wrong code",
    { rejects: { field: "topP", code: "invalid-request" } },
    /^feature topP: refused with `invalid-request`, expected `unsupported`/,
  ],
  ["tools that are lost", { loses: "tools" }, /^feature tools: declared, and not in the body/m],
  [
    "a choice of tools that is lost",
    { loses: "toolChoice" },
    /^feature toolChoice named: declared, and not in the body/m,
  ],
  ["a second call that is lost", { losesSecondCall: true }, /^feature parallelTools: declared, and not in the body/],
  ["a schema that is lost", { losesSchema: true }, /^feature output with a schema: declared, and not in the body/],
  ["a plan that sends", { sendsOnPlan: true }, /^feature streaming: `plan` sends a request/],
  ["no plan", { noPlan: true }, /^feature streaming: the model has no `plan`/],
  ["a count that is not declared", { counts: true }, /^feature tokenCounting: not declared/],
];

test.for(broken)("names the rule that is broken by %s", async ([, defects, fault]) => {
  expect((await allFaults(defects)).join("\n")).toMatch(fault);
});

const wrong: readonly (readonly [Partial<ProviderFeatures>, string])[] = [
  [{ streaming: false }, "feature streaming: not declared, and sent without a warning"],
  [{ tools: false }, "feature tools: not declared, and sent without a warning"],
  [{ parallelTools: false }, "feature parallelTools: not declared, and sent without a warning"],
  [{ toolChoice: ["none", "named"] }, "feature toolChoice required: not declared, and sent without a warning"],
  [{ output: "json" }, "feature output with a schema: sent in another form, and nothing says so"],
  [{ output: "emulated" }, "feature output with a schema: sent in another form, and nothing says so"],
  [{ output: "none" }, "feature output with a schema: not declared, and sent without a warning"],
  [{ settings: ["maxOutputTokens", "temperature", "stop"] }, "feature seed: not declared, and sent without a warning"],
  [{ reasoning: true }, "feature reasoning: declared, and warned of: "],
  [{ images: false }, "feature images: not declared, and sent without a warning"],
  [{ pdfs: true }, "feature pdfs: declared, and refused with `unsupported`: "],
  [{ suffix: true }, "feature suffix: declared, and refused with `unsupported`: "],
  [{ providerTools: ["raven.mirror"] }, "feature providerTools raven.mirror: declared, and warned of: "],
  [{ tokenCounting: true }, "feature tokenCounting: declared, and the model has no `countTokens`"],
];

test.for(wrong)("names what is declared wrongly: %o", async ([declared, fault]) => {
  expect((await allFaults({}, declared)).some((found) => found.startsWith(fault))).toBe(true);
});

test("takes no mark that changes nothing for one of the cache", async () => {
  const marked = { ...features, promptCaching: { mark: {} } };
  const probe = featureProbes(marked).find(({ feature }) => feature === "promptCaching")!;
  // Its parts are sent as they are, so that even an empty mark stands there: only a parrot that drops them all loses it.
  expect(await featureFaults(writingParrot(), marked, probe)).toStrictEqual([]);
  const [fault] = await featureFaults(writingParrot({ loses: "messages" }), marked, probe);
  expect(fault).toMatch(/^feature promptCaching: declared, and not in the body/);
});

test("holds citations against the answers of the samples", async () => {
  const sample = parrotSample([{ say: "Hello" }, { end: "stop" }], { exercises: ["citations"] });
  const declared = { ...features, citations: true };
  expect(await citationFaults(parrot(), declared, [sample])).toStrictEqual([
    "feature citations: declared, and no answer has any",
  ]);
  expect(await citationFaults(parrot(), declared, [])).toBeUndefined();
  expect(await citationFaults(parrot(), features, [sample])).toStrictEqual([]);

  const citing: CreateProvider = ({ model }) =>
    defineModel({
      provider: "parrot",
      id: model,
      call: () => {
        const content = [{ type: "source", url: "https://a.example" }] as const;
        return Promise.resolve(ModelReply.of({ model, content, finishReason: "stop", usage: {}, warnings: [] }));
      },
    });
  expect(await citationFaults(citing, declared, [sample])).toStrictEqual([]);
  expect(await citationFaults(citing, features, [sample])).toStrictEqual([
    "feature citations: not declared, and the answer of stream of a parrot has some",
  ]);
});
