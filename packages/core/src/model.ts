import type { Model } from "./callable.ts";
import type { CallableParts } from "./define-callable.ts";
import type { ModelReply } from "./model-reply.ts";
import type { ModelRequest } from "./request.ts";
import { behind, defineCallable } from "./define-callable.ts";
import { leaf } from "./leaf.ts";
import { outermost } from "./outermost.ts";

/** What a model is made of. */
export type ModelParts = CallableParts<ModelRequest, ModelReply>;

/** Makes a model of a call: the last step of every adapter and combinator. */
export function defineModel(parts: ModelParts): Model {
  const callable = defineCallable(parts, leaf);
  return {
    ...callable,
    async generate(request) {
      return (await outermost(callable.call, request, false)).result();
    },
    stream(request) {
      return outermost(callable.call, request, true);
    },
    with(...middleware) {
      return behind(this, middleware, defineModel);
    },
  };
}
