import { ModelError, ModelReply, circumstancesOf, defineModel } from "@plugboard/core";
import type { Model, ModelRequest, Schema } from "@plugboard/core";
import type { Feature } from "./feature.ts";

/**
 * A feature with one of its models as a `Model`: the last message of a user is its input as JSON, and the answer is its output, as it is where that
 * is text and otherwise as JSON. So what takes models takes features: `evaluate`, `parity`, a gateway. A cache belongs around the feature's own models:
 * around this one it would not see that a prompt has changed.
 *
 * @throws {ModelError} `invalid-request` for a name that the feature has no model of
 * @example
 * const measured = evaluate({ dataset, models: { now: featureModel(triage, "current") }, ask: ({ input }) => JSON.stringify(input), scorers });
 */
export function featureModel<Given, Of extends Schema | undefined, Name extends string>(
  feature: Feature<Given, Of, Name>,
  name: Name,
): Model {
  const model = Object.hasOwn(feature.models, name) ? feature.models[name] : undefined;
  if (!model) {
    const known = Object.keys(feature.models).join(", ");
    throw new ModelError(`The feature "${feature.name}" has no model ${JSON.stringify(name)}; there are: ${known}.`, {
      code: "invalid-request",
    });
  }
  return defineModel({
    provider: feature.name,
    id: name,
    models: [model],
    async call(request) {
      const input = inputOf(request) as Given; // checked by the feature
      const call = { ...circumstancesOf(request), model: name };
      if (!feature.output && request.stream) return (await feature.stream(input, call)) as ModelReply;
      const { output, result } = await feature.run(input, call);
      if (!feature.output) return ModelReply.of(result);
      const text = typeof output === "string" ? output : JSON.stringify(output);
      return ModelReply.of({ ...result, content: [{ type: "text", text }] });
    },
  });
}

function inputOf({ messages }: ModelRequest): unknown {
  const content = messages.findLast(({ role }) => role === "user")?.content;
  try {
    if (typeof content === "string") return JSON.parse(content) as unknown;
  } catch {
    // Said below.
  }
  throw new ModelError("A feature is asked with its input as JSON, in a message of a user that is text alone.", {
    code: "invalid-request",
  });
}
