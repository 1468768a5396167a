import {
  ModelError,
  askedRequest,
  checkOption,
  compileSchema,
  generateObject,
  issuesAsText,
  streamObject,
  textOf,
} from "@plugboard/core";
import type { Model, ModelRequest, Schema } from "@plugboard/core";
import type {
  Feature,
  FeatureAnswer,
  FeatureCall,
  FeatureChecks,
  FeatureOutput,
  FeatureParts,
  FeatureStream,
  FeatureVariant,
} from "./feature.ts";

/** Registered, so that another copy of this package knows ours. */
const brand = Symbol.for("plugboard.Feature");

/** Output schemas and tags are named so, and providers take no other names. */
const names = /^[\w-]{1,64}$/;

/**
 * Makes a feature: one thing that an application asks models for, with its prompt, its schemas, its models and its checks in one place. It is what
 * moves from one model to another: `migrate` shows offline whether it can, and `openMigration` shifts the application's traffic.
 *
 * Calls are tagged `feature` with its name. With an output schema, answers are checked against it, and asked for again once if they do not fit.
 *
 * @throws {ModelError} `invalid-request` for a name that cannot be, or without a model; `unsupported` if the output cannot be said in JSON Schema
 * @example
 * const triage = defineFeature({
 *   name: "triage-ticket",
 *   input: z.object({ ticket: z.string() }),
 *   output: z.object({ urgency: z.enum(["low", "high"]) }),
 *   prompt: ({ ticket }) => `How urgent is this?\n${ticket}`,
 *   models: { current: openai("gpt-4o"), haiku: { model: anthropic("claude-haiku-4-5"), settings: { temperature: 0 } } },
 * });
 * const { output } = await triage.run({ ticket: "The roof is on fire." });
 */
export function defineFeature<Given, Input, Name extends string, Of extends Schema | undefined = undefined>(
  parts: FeatureParts<Given, Input, Of, Name>,
): Feature<Given, Of, Name> {
  const { name, repair = 1, checks } = parts;
  if (!names.test(name))
    throw invalid(`A feature is named by 1 to 64 letters, digits, "_" and "-"; this is ${JSON.stringify(name)}.`);
  checkOption("repair", repair, { least: 0, whole: true });
  const output = parts.output as Of;
  if (output) compileSchema(output, `the feature "${name}"`);
  const variants = variantsOf(parts);
  const [first] = variants.keys();
  if (first === undefined) throw invalid(`The feature "${name}" needs at least one model.`);

  /** Who is asked what. */
  async function asked(input: Given, { model: wanted = first!, ...call }: FeatureCall<Name>): Promise<Asked<Name>> {
    const variant = variants.get(wanted);
    if (!variant) {
      const known = [...variants.keys()].join(", ");
      throw invalid(`The feature "${name}" has no model ${JSON.stringify(wanted)}; there are: ${known}.`);
    }
    const checked = await parts.input["~standard"].validate(input);
    if (checked.issues) throw invalid(`The input of feature "${name}" does not fit: ${issuesAsText(checked.issues)}.`);
    const { prompt = parts.prompt, settings } = variant;
    const said = askedRequest(prompt(checked.value));
    return {
      name: wanted,
      model: variant.model,
      request: { ...said, ...settings, ...call, tags: { ...call.tags, feature: name } },
    };
  }

  const feature: Feature<Given, Of, Name> = {
    name,
    input: parts.input,
    output,
    models: Object.fromEntries([...variants].map(([name, { model }]) => [name, model])) as Readonly<
      Record<Name, Model>
    >,

    async checks(): Promise<FeatureChecks | undefined> {
      // Scorers of this feature see rows of this feature: what reads the checks hands them no others.
      return (typeof checks === "function" ? await checks() : checks) as FeatureChecks | undefined;
    },

    async request(input, call = {}): Promise<ModelRequest> {
      return (await asked(input, call)).request;
    },

    async run(input, call = {}): Promise<FeatureAnswer<FeatureOutput<Of>, Name>> {
      const { name: model, ...who } = await asked(input, call);
      if (!output) {
        const result = await who.model.generate(who.request);
        return { output: textOf(result) as FeatureOutput<Of>, model, result };
      }
      const { object, result } = await generateObject(who.model, { ...who.request, schema: output, name, repair });
      return { output: object as FeatureOutput<Of>, model, result };
    },

    async stream(input, call = {}): Promise<FeatureStream<Of>> {
      const { model, request } = await asked(input, call);
      const reply = output ? streamObject(model, { ...request, schema: output, name }) : model.stream(request);
      return (await reply) as FeatureStream<Of>;
    },
  };
  return Object.defineProperty(feature, brand, { value: true });
}

/** Whether a value is a feature, of another copy of this package, too. */
export function isFeature(value: unknown): value is Feature {
  return typeof value === "object" && value !== null && brand in value;
}

/** Whom a run asks, and what. */
interface Asked<Name> {
  readonly name: Name;
  readonly model: Model;
  readonly request: ModelRequest;
}

function variantsOf<Given, Input, Of extends Schema | undefined, Name extends string>({
  models,
}: FeatureParts<Given, Input, Of, Name>): ReadonlyMap<Name, FeatureVariant<Input>> {
  const entries = Object.entries<Model | FeatureVariant<Input>>(models) as [Name, Model | FeatureVariant<Input>][];
  return new Map(entries.map(([name, given]) => [name, "model" in given ? given : { model: given }]));
}

function invalid(message: string): ModelError {
  return new ModelError(message, { code: "invalid-request" });
}
