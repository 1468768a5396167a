import { defineModel } from "@plugboard/core";
import type { Call, CallOptions, Callable, Model } from "@plugboard/core";

/** One model made of several, of the kind that they are of: `fallback(a,b)` of the provider `plugboard`. */
export function combinator<Request extends CallOptions, Reply>(
  kind: string,
  models: readonly Callable<Request, Reply>[],
  call: Call<Request, Reply>,
): Callable<Request, Reply> {
  const id = `${kind}(${models.map((model) => model.id).join(",")})`;
  const fingerprint = `plugboard:${id}[${models.map((model) => model.fingerprint).join(",")}]`;
  return { provider: "plugboard", id, fingerprint, models, call };
}

/** The same of chat models. */
export function chatCombinator(kind: string, models: readonly Model[], call: Call): Model {
  return defineModel({ ...combinator(kind, models, call), models });
}

/** Whether it is a chat model. */
export function isChat(model: object): model is Model {
  return "generate" in model;
}

/** Whether all of them are. */
export function areChat(
  models: readonly Model[] | readonly Callable<CallOptions, unknown>[],
): models is readonly Model[] {
  return models.every(isChat);
}
