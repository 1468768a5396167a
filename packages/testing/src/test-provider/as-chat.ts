import type { CallOptions, ModelResult, RequestPlan } from "@plugboard/core";
import { ModelReply, defineModel } from "@plugboard/core";
import type { ExpectedAnswer, ProviderSample } from "../provider-sample.ts";
import type { CreateProvider } from "./sample-faults.ts";

/** What a sample of any kind of model has whose answers come whole. */
interface WholeSample extends Pick<ProviderSample, "name" | "status" | "headers" | "body" | "exercises"> {
  readonly call: { readonly model: string };
  readonly expected: Pick<ExpectedAnswer, "error" | "usage">;
}

/** Makes the model that is judged. It must send its requests through the fetch it is given. */
export type CreateWhole<Sample, Model> = (parts: {
  readonly fetch: typeof globalThis.fetch;
  /** The model that the sample was recorded with. */
  readonly model: string;
  /** For what depends on it, such as the dialect of a compatible server. */
  readonly sample: Sample;
}) => Model;

/** How a kind of model is told of in words, so that the suite of chat models can judge it. */
export interface Kind<Sample, Model> {
  /** What the sample asks. */
  readonly asked: (sample: Sample) => string;
  /** What it expects; `undefined` where it does not say. */
  readonly expected: (sample: Sample) => string | undefined;
  /** Asks what the sample asks, and tells the answer in the words of `expected`. */
  readonly answer: (
    model: Model,
    sample: Sample,
    circumstances: Pick<CallOptions, "signal" | "deadline">,
  ) => Promise<Pick<ModelResult, "model" | "usage" | "warnings"> & { readonly text: string }>;
  /** What would be sent for it; asked of models that have a `plan`. */
  readonly plan: (model: Model, sample: Sample) => Promise<RequestPlan>;
}

/** The same adapter and samples as of a chat model. */
export function asChat<Sample extends WholeSample, Model extends { readonly provider: string; readonly id: string }>(
  create: CreateWhole<Sample, Model>,
  samples: readonly Sample[],
  kind: Kind<Sample, Model>,
): { readonly create: CreateProvider; readonly samples: readonly ProviderSample[] } {
  const origins = new Map(samples.map((sample) => [asChatSample(sample, kind), sample]));
  return {
    create({ fetch, model, sample }) {
      const origin = origins.get(sample)!;
      const judged = create({ fetch, model, sample: origin });
      const chat = defineModel({
        provider: judged.provider,
        id: judged.id,
        async call({ signal, deadline }) {
          const circumstances = { ...(signal && { signal }), ...(deadline !== undefined && { deadline }) };
          const { text, ...answer } = await kind.answer(judged, origin, circumstances);
          return ModelReply.of({ ...answer, content: [{ type: "text", text }], finishReason: "stop" });
        },
      });
      return { ...chat, ...("plan" in judged && { plan: () => kind.plan(judged, origin) }) };
    },
    samples: [...origins.keys()],
  };
}

function asChatSample<Sample extends WholeSample>(
  sample: Sample,
  { asked, expected }: Pick<Kind<Sample, unknown>, "asked" | "expected">,
): ProviderSample {
  const { name, call, status, headers, body, exercises } = sample;
  const { error, usage } = sample.expected;
  const text = expected(sample);
  return {
    name,
    mode: "generate",
    framing: "json",
    call: { model: call.model, messages: [{ role: "user", content: asked(sample) }] },
    status,
    headers,
    body,
    expected: error
      ? { finishReason: "error", error }
      : { finishReason: "stop", ...(text !== undefined && { text }), ...(usage && { usage }) },
    exercises,
  };
}
