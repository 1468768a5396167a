/**
 * Tokens. `input` includes cache reads and writes, `output` includes reasoning; the parts never exceed their total.
 * A count that nobody told is absent, never 0.
 */
export interface Usage {
  readonly input?: number;
  readonly output?: number;
  /** Of `input`: read from the provider's prompt cache. */
  readonly cachedInput?: number;
  /** Of `input`: written to the provider's prompt cache, kept for five minutes. */
  readonly cacheWrite5m?: number;
  /** Of `input`: written to the provider's prompt cache, kept for an hour. */
  readonly cacheWrite1h?: number;
  /** Of `output`: spent on thinking. */
  readonly reasoning?: number;
  /** Of `input`: audio. */
  readonly inputAudio?: number;
  /** Of `output`: audio. */
  readonly outputAudio?: number;
  /** Requests to tools that the provider runs and bills, by its name for them: `{ web_search: 2 }`. */
  readonly serverTools?: Readonly<Record<string, number>>;
  /** Counted or guessed here, since the provider did not say. */
  readonly estimated?: true;
}

/** The usage of several answers as one. A count is kept when any of them has it. */
export function addUsage(first: Usage, second: Usage): Usage {
  const sum: Record<string, number | true | Record<string, number>> = {};
  for (const usage of [first, second]) {
    for (const [name, value] of Object.entries(usage)) {
      if (typeof value === "number") sum[name] = ((sum[name] as number | undefined) ?? 0) + value;
    }
  }
  if (first.serverTools || second.serverTools) {
    const tools: Record<string, number> = { ...first.serverTools };
    for (const [name, count] of Object.entries(second.serverTools ?? {})) tools[name] = (tools[name] ?? 0) + count;
    sum["serverTools"] = tools;
  }
  if (first.estimated || second.estimated) sum["estimated"] = true;
  return sum;
}
