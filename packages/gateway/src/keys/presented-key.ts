/** Where clients put their key, in the order in which it is looked for. */
const places = ["authorization", "x-api-key", "x-goog-api-key", "api-key"] as const;

/**
 * The key that a request carries in the header that its client uses: `Authorization: Bearer`, `x-api-key` (Anthropic),
 * `x-goog-api-key` (Gemini), `api-key` (Azure). Never in the URL, which ends up in logs.
 */
export function presentedKey(header: (name: string) => string | undefined): string | undefined {
  for (const place of places) {
    const value = header(place);
    if (value === undefined) continue;
    const key = place === "authorization" ? /^Bearer +(\S+) *$/i.exec(value)?.[1] : value.trim();
    if (key) return key;
  }
  return undefined;
}
