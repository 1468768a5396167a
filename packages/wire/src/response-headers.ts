const requestIdNames = [
  "x-request-id",
  "request-id",
  "x-amzn-requestid",
  "apim-request-id",
  "x-ms-request-id",
  "x-goog-request-id",
  "x-debug-trace-id",
  "cf-ray",
];

/** The id to quote to the provider's support. */
export function requestIdOf(headers: Readonly<Record<string, string>>): string | undefined {
  for (const name of requestIdNames) if (headers[name]) return headers[name];
  return undefined;
}

const worthKeeping =
  /request-?id$|trace-id$|^cf-ray$|ratelimit|^retry-after|processing-ms$|^x-ms-region$|token-count$|^openai-(model|version)$/;

/** The headers of an answer that say something of it: request ids, rate limits, times, counts of tokens. Cookies and the like are left out. */
export function keptHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (worthKeeping.test(name)) kept[name] = value;
  return kept;
}
