import type { Call, CallOptions, Callable } from "@plugboard/core";

/** Who one model made of several says it is: `fallback(a,b)`, of the provider `plugboard`. */
export function named<Member extends { readonly id: string }>(
  kind: string,
  models: readonly Member[],
): { readonly provider: string; readonly id: string; readonly models: readonly Member[] } {
  return { provider: "plugboard", id: `${kind}(${models.map(({ id }) => id).join(",")})`, models };
}

/** One model made of several that have no more than `call`. */
export function bare<Request extends CallOptions, Reply>(
  kind: string,
  models: readonly Callable<Request, Reply>[],
  call: Call<Request, Reply>,
): Callable<Request, Reply> {
  const { provider, id } = named(kind, models);
  const fingerprint = `${provider}:${id}[${models.map((model) => model.fingerprint).join(",")}]`;
  return { provider, id, fingerprint, models, call };
}
