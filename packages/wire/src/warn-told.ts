import type { Warning } from "@plugboard/core";

/**
 * Says which keywords of a schema a model is not held to, because its provider does not know them: they stand in descriptions alone.
 *
 * @param provider - by the name it goes by: `Anthropic`
 */
export function warnTold(
  provider: string,
  told: readonly string[],
  path: string,
  warn: (warning: Warning) => void,
): void {
  if (told.length === 0) return;
  const keywords = told.map((name) => `\`${name}\``).join(", ");
  const message = `${provider} does not hold a model to ${keywords}; the descriptions tell of it.`;
  warn({ code: "adapted", path, message });
}
