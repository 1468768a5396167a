import { inspect } from "node:util";
import { ModelError } from "@plugboard/core";
import type { CountingModel, ModelRequest, ProviderModel, RequestPlan, Warning } from "@plugboard/core";
import type { ProviderSample } from "../provider-sample.ts";
import type { ProviderFeatures } from "../provider-features.ts";
import type { FeatureProbe } from "./feature-probes.ts";
import type { CreateProvider } from "./sample-faults.ts";
import { sampleFetch } from "./sample-fetch.ts";

/** What came of a probe. */
type Planned = { readonly plan: RequestPlan } | { readonly refused: ModelError };

/**
 * What is wrong with what an adapter declares about one feature, by what it would send; each fault begins with the name of its rule.
 */
export async function featureFaults(
  create: CreateProvider,
  features: ProviderFeatures,
  probe: FeatureProbe,
): Promise<string[]> {
  const { name, expected, path, stands, request } = probe;
  const rule = `feature ${name}`;
  const served = sampleFetch({ status: 500, headers: {}, chunks: [] });
  const model = modelOf(create, features, probe, served.fetch);
  if (!("plan" in model)) return [`${rule}: the model has no \`plan\` to show it by`];

  let planned: Planned;
  let plain: RequestPlan;
  try {
    planned = await planOf(model as ProviderModel, request);
    plain = await (model as ProviderModel).plan(probe.plain);
  } catch (error) {
    return [`${rule}: \`plan\` rejected with ${inspect(error)}`];
  }
  const faults = served.requests.length > 0 ? [`${rule}: \`plan\` sends a request`] : [];

  if ("refused" in planned) {
    const { code, message } = planned.refused;
    if (expected !== "left out") faults.push(`${rule}: declared, and refused with \`${code}\`: ${message}`);
    else if (code !== "unsupported")
      faults.push(`${rule}: refused with \`${code}\`, expected \`unsupported\`: ${message}`);
    return faults;
  }
  const told = planned.plan.warnings.filter((warning) => isAbout(warning, path));
  const there = stands(planned.plan, plain);
  if (expected === "sent" && told.length > 0) faults.push(`${rule}: declared, and warned of: ${shown(told)}`);
  if (expected !== "left out" && !there)
    faults.push(`${rule}: declared, and not in the body: ${shown(planned.plan.body)}`);
  if (expected === "adapted" && !told.some(({ code }) => code === "adapted"))
    faults.push(`${rule}: sent in another form, and nothing says so`);
  if (expected === "left out" && told.length === 0) {
    faults.push(
      there ? `${rule}: not declared, and sent without a warning` : `${rule}: silently lost: ${shown(probe.request)}`,
    );
  }
  return faults;
}

/** Whether the adapter counts tokens as it says. */
export function countingFaults(create: CreateProvider, features: ProviderFeatures): string[] {
  const { fetch } = sampleFetch({ status: 500, headers: {}, chunks: [] });
  const model = modelOf(create, features, { feature: "tokenCounting" }, fetch) as Partial<CountingModel>;
  const counts = typeof model.countTokens === "function";
  if (counts === features.tokenCounting) return [];
  return [
    counts
      ? "feature tokenCounting: not declared, and the model has `countTokens`"
      : "feature tokenCounting: declared, and the model has no `countTokens`",
  ];
}

/**
 * Whether answers say what they rest on as declared.
 *
 * @returns `undefined` where no sample can show it
 */
export async function citationFaults(
  create: CreateProvider,
  features: ProviderFeatures,
  samples: readonly ProviderSample[],
): Promise<string[] | undefined> {
  const citing = samples.filter(({ exercises }) => exercises.includes("citations"));
  if (features.citations && citing.length === 0) return undefined;
  let cited = 0;
  for (const sample of features.citations ? citing : samples) {
    const { status, headers, body, call } = sample;
    const { fetch } = sampleFetch({ status, headers, chunks: [body] });
    const { messages, tools } = call;
    const asked = { messages, ...(tools && { tools }) };
    try {
      const model = create({ fetch, model: call.model, sample });
      const result =
        sample.mode === "stream" ? await (await model.stream(asked)).result() : await model.generate(asked);
      const says = result.content.some(
        (part) => part.type === "source" || (part.type === "text" && (part.citations?.length ?? 0) > 0),
      );
      if (says && !features.citations)
        return [`feature citations: not declared, and the answer of ${sample.name} has some`];
      if (says) cited++;
    } catch (error) {
      if (!(error instanceof ModelError)) throw error; // a sample of an error
    }
  }
  return features.citations && cited === 0 ? ["feature citations: declared, and no answer has any"] : [];
}

function modelOf(
  create: CreateProvider,
  { model, models = {} }: ProviderFeatures,
  { feature }: Pick<FeatureProbe, "feature">,
  fetch: typeof globalThis.fetch,
): ReturnType<CreateProvider> {
  const id = models[feature] ?? model;
  const sample: ProviderSample = {
    name: `a probe of ${feature}`,
    mode: "generate",
    call: { model: id, messages: [] },
    status: 200,
    headers: {},
    body: new Uint8Array(),
    framing: "json",
    expected: {},
    exercises: [],
  };
  return create({ fetch, model: id, sample });
}

async function planOf(model: ProviderModel, request: ModelRequest): Promise<Planned> {
  try {
    return { plan: await model.plan(request) };
  } catch (error) {
    if (error instanceof ModelError) return { refused: error };
    throw error;
  }
}

/** A warning of `tools` is one of `tools[0]`, and the other way round. */
function isAbout({ path = "" }: Warning, about: string): boolean {
  return within(path, about) || within(about, path);
}

function within(path: string, above: string): boolean {
  return path.startsWith(above) && /^($|[.[])/.test(path.slice(above.length));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) => (member instanceof Uint8Array ? "bytes" : member));
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
