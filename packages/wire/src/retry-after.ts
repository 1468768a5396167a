/**
 * Milliseconds that a response asks to wait: `retry-after-ms`, else `retry-after` in seconds or as a date.
 *
 * @param now - milliseconds since the epoch, for dates. @default Date.now()
 */
export function retryAfterOf(headers: Readonly<Record<string, string>>, now: number = Date.now()): number | undefined {
  // Azure sends `retry-after-ms: 0` beside `retry-after: 1`: the exact one counts only when it says something.
  const exact = numberOf(headers["retry-after-ms"]);
  if (exact) return exact;

  const value = headers["retry-after"];
  const seconds = numberOf(value);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  // `Date.parse` reads numbers as years: a date of HTTP begins with its day.
  const date = value !== undefined && /^\s*[A-Za-z]{3}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? exact : Math.max(date - now, 0);
}

/** A `google.protobuf.Duration`: "34.07s", in milliseconds. */
export function parseDuration(text: string): number | undefined {
  const seconds = text.endsWith("s") ? numberOf(text.slice(0, -1)) : undefined;
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}
