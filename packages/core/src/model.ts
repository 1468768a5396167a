import type { Call, Callable, Middleware, Model } from "./callable.ts";
import type { ModelReply } from "./model-reply.ts";
import type { ModelRequest } from "./request.ts";
import { defaultFingerprint } from "./fingerprint.ts";
import { leaf } from "./leaf.ts";
import { outermost } from "./outermost.ts";

/** What a model is made of. */
export interface ModelParts {
  readonly provider: string;
  readonly id: string;
  readonly call: Call;
  /** What it stands in front of. Without any it is a leaf: `admit` is asked, and each call is an attempt. */
  readonly models?: readonly Callable<ModelRequest, ModelReply>[];
  readonly catalogId?: string | undefined;
  /** @default provider and id, with the fingerprints of `models` */
  readonly fingerprint?: string;
}

/** Makes a model of a call: the last step of every adapter and combinator. */
export function defineModel(parts: ModelParts): Model {
  const { provider, id, models = [], catalogId } = parts;
  const fingerprint = parts.fingerprint ?? defaultFingerprint(parts);
  const call = models.length > 0 ? parts.call : leaf(parts);
  return {
    provider,
    id,
    ...(catalogId !== undefined && { catalogId }),
    fingerprint,
    models,
    call,
    async generate(request) {
      return (await outermost(call, request, false)).result();
    },
    stream(request) {
      return outermost(call, request, true);
    },
    with(...middleware: readonly Middleware[]) {
      let model: Model = this;
      for (const layer of middleware.toReversed()) {
        model = defineModel({ provider, id, catalogId, fingerprint, models: [model], call: layer(model) });
      }
      return model;
    },
  };
}
