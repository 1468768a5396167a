import type { AdapterCall, Call, Callable, Middleware } from "./callable.ts";
import type { CallOptions } from "./request.ts";
import { defaultFingerprint } from "./fingerprint.ts";

/** What a model of any kind is made of. */
export interface CallableParts<Request extends CallOptions, Reply> {
  readonly provider: string;
  readonly id: string;
  readonly call: AdapterCall<Request, Reply>;
  /** What it stands in front of. Without any it is a leaf: `admit` is asked, and each call is an attempt. */
  readonly models?: readonly Callable<Request, Reply>[];
  readonly catalogId?: string | undefined;
  /** @default provider and id, with the fingerprints of `models` */
  readonly fingerprint?: string;
}

/** What models of every kind have in common; `leaf` is how an adapter is called. */
export function defineCallable<Request extends CallOptions, Reply, Parts extends CallableParts<Request, Reply>>(
  parts: Parts & CallableParts<Request, Reply>,
  leaf: (parts: Parts) => Call<Request, Reply>,
): Callable<Request, Reply> {
  const { provider, id, models = [], catalogId } = parts;
  return {
    provider,
    id,
    ...(catalogId !== undefined && { catalogId }),
    fingerprint: parts.fingerprint ?? defaultFingerprint(parts),
    models,
    call: models.length > 0 ? parts.call : leaf(parts),
  };
}

/** A model behind middleware, of which the first is outermost: the `with` of every kind. */
export function behind<Request extends CallOptions, Reply, Model extends Callable<Request, Reply>>(
  model: Model & Callable<Request, Reply>,
  middleware: readonly Middleware<Model>[],
  define: (parts: CallableParts<Request, Reply>) => Model,
): Model {
  const { provider, id, catalogId, fingerprint } = model;
  return middleware.reduceRight<Model>(
    (inner, layer) => define({ provider, id, catalogId, fingerprint, models: [inner], call: layer(inner) }),
    model,
  );
}
