/** The headers of every answer: none of them holds anything that a client or a model said. */
export function exchangeHeaders(
  own: Readonly<Record<string, string>>,
  id: string,
  cors: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  return { ...own, "x-request-id": id, "x-content-type-options": "nosniff", ...cors };
}
