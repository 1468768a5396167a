/** What a model is told apart by, where its adapter does not say more. */
export function defaultFingerprint({
  provider,
  id,
  models = [],
}: {
  readonly provider: string;
  readonly id: string;
  readonly models?: readonly { readonly fingerprint: string }[] | undefined;
}): string {
  const members = models.map((model) => model.fingerprint).join(",");
  return members ? `${provider}:${id}[${members}]` : `${provider}:${id}`;
}
