/** Providers that the catalogue has under another name. */
const names: Readonly<Record<string, string>> = { "amazon-bedrock": "bedrock", togetherai: "together" };

/** Who stands behind a name of the AI SDK: `openai` for `openai.responses`. */
export function providerOf(name: string): string {
  const [provider = name] = name.split(".", 1);
  return names[provider] ?? provider;
}
