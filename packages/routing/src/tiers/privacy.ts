/** Tags, and which of their values keep a request on this machine; `true` is for any. */
export type LocalOnly = Readonly<Record<string, string | readonly string[] | true>>;

/** The tag that keeps a request on this machine, as `privacy=edge-only`; `undefined` where none does. */
export function localTagOf(
  tags: Readonly<Record<string, string>> | undefined,
  localOnly: LocalOnly,
): string | undefined {
  if (!tags) return undefined;
  for (const [name, values] of Object.entries(localOnly)) {
    const value = Object.hasOwn(tags, name) ? tags[name] : undefined;
    if (value === undefined) continue;
    const wanted = typeof values === "string" ? [values] : values;
    if (wanted === true || wanted.some((one) => plain(one) === plain(value))) return `${name}=${value}`;
  }
  return undefined;
}

/** A value that is written otherwise must not set a request free: `Edge only` is `edge-only`. */
function plain(value: string): string {
  return value
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, "-");
}
