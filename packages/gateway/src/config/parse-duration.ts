const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a text such as `30s`; anything else as it is. */
export function parseDuration(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const match = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/.exec(value);
  return match ? Number(match[1]) * units[match[2]!]! : value;
}
