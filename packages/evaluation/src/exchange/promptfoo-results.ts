import { readFile } from "node:fs/promises";
import { ModelError } from "@plugboard/core";
import type { Json, Measurement } from "@plugboard/core";

/** A result of promptfoo, as far as it is read and written here. */
export interface PromptfooResult {
  readonly testIdx?: number;
  readonly promptIdx?: number;
  readonly provider?: string | { readonly id?: string; readonly label?: string };
  readonly prompt?: { readonly raw?: string; readonly label?: string };
  readonly vars?: Readonly<Record<string, Json>>;
  readonly response?: {
    readonly output?: Json;
    readonly error?: string;
    readonly cached?: boolean;
    readonly tokenUsage?: { readonly prompt?: number; readonly completion?: number };
  };
  readonly error?: string | null;
  readonly success?: boolean;
  readonly score?: number;
  readonly namedScores?: Readonly<Record<string, number>>;
  readonly latencyMs?: number;
  /** US dollars. */
  readonly cost?: number;
  readonly testCase?: { readonly metadata?: Readonly<Record<string, Json>> };
}

/** What `promptfoo eval --output results.json` writes. */
export interface PromptfooOutput {
  readonly results: {
    readonly version: 3;
    readonly timestamp: string;
    readonly results: readonly PromptfooResult[];
    readonly stats: { readonly successes: number; readonly failures: number; readonly errors: number };
  };
}

/**
 * The measurements of a file that promptfoo wrote (`--output results.json` or `results.jsonl`): the score as `score`, whether the test passed as `pass`,
 * named scores by their names. Items are the tests by number; where a provider was asked by several prompts, each with the prompt's
 * label.
 *
 * @throws {ModelError} `parse` for a file that is neither
 * @example
 * const before = await promptfooResults("results.json");
 */
export async function promptfooResults(path: string): Promise<readonly Measurement[]> {
  const results = resultsIn(await readFile(path, "utf8"), path);
  // The label of a prompt is its template, unless it has been given another name.
  const byPrompt = new Set(results.map(({ prompt }) => prompt?.label)).size > 1;
  const seen = new Map<string, number>();
  return results.map((result, place) => {
    const measurement = measurementOf(result, place, byPrompt);
    const key = `${measurement.model}\n${measurement.item}`;
    const repeat = seen.get(key) ?? 0;
    seen.set(key, repeat + 1);
    return repeat > 0 ? Object.assign(measurement, { repeat }) : measurement;
  });
}

function resultsIn(text: string, path: string): readonly PromptfooResult[] {
  try {
    const lines = path.endsWith(".jsonl") ? text.split("\n").filter((line) => line.trim() !== "") : [text];
    if (path.endsWith(".jsonl")) return lines.map((line) => JSON.parse(line) as PromptfooResult);
    // Older versions have the list one level higher.
    const { results } = JSON.parse(text) as { readonly results?: unknown };
    const list = Array.isArray(results) ? results : (results as { readonly results?: unknown } | undefined)?.results;
    if (Array.isArray(list)) return list as readonly PromptfooResult[];
  } catch (cause) {
    throw new ModelError(`${path} is no JSON: ${(cause as Error).message}.`, { code: "parse", cause });
  }
  throw new ModelError(`${path} has no \`results\` of promptfoo.`, { code: "parse" });
}

function measurementOf(result: PromptfooResult, place: number, byPrompt: boolean): Measurement {
  const {
    testIdx = place,
    provider,
    prompt,
    response,
    score,
    success,
    namedScores,
    latencyMs,
    cost,
    testCase,
  } = result;
  const named = typeof provider === "string" ? provider : provider?.label || provider?.id;
  const output = response?.output;
  // An assertion that failed is told as an error, too; there is an answer all the same.
  const failed = output === undefined ? (response?.error ?? result.error) : undefined;
  const { prompt: read, completion } = response?.tokenUsage ?? {};
  const groups = Object.entries(testCase?.metadata ?? {}).filter(([, value]) => typeof value === "string");
  const segments = { ...Object.fromEntries(groups), ...(byPrompt && prompt?.label && { prompt: prompt.label }) };
  return {
    item: byPrompt && prompt?.label ? `${testIdx} ${prompt.label}` : String(testIdx),
    model: named ?? "unknown",
    ...(prompt?.raw !== undefined && { prompt: prompt.raw }),
    ...(Object.keys(segments).length > 0 && { segments }),
    scores:
      failed == null
        ? scoresOf({ score, pass: success === undefined ? undefined : Number(success), ...namedScores })
        : {},
    ...(output !== undefined && { output: typeof output === "string" ? output : JSON.stringify(output) }),
    ...((read !== undefined || completion !== undefined) && {
      usage: { ...(read !== undefined && { input: read }), ...(completion !== undefined && { output: completion }) },
    }),
    ...(cost !== undefined && { cost: { total: Math.round(cost * 1e9) } }),
    ...(response?.cached && { cached: true as const }),
    ...(latencyMs !== undefined && !response?.cached && { latency: latencyMs }),
    ...(failed != null && { error: { code: "unknown" as const, message: failed } }),
  };
}

function scoresOf(scores: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(scores).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

/** How measurements become results. */
export interface PromptfooExportOptions {
  /** The score that is promptfoo's own; the others are named scores. @default the first that there is */
  readonly score?: string;
  /** From which score on a test has passed. @default 0.5 */
  readonly pass?: number;
  /** @default now */
  readonly timestamp?: Date;
}

/**
 * Measurements as promptfoo writes its results, for its viewer and for tools that read them.
 *
 * @example
 * await writeFile("results.json", JSON.stringify(await asPromptfooResults(measurements("results.jsonl"))));
 */
export async function asPromptfooResults(
  measurements: Iterable<Measurement> | AsyncIterable<Measurement>,
  { score, pass = 0.5, timestamp = new Date() }: PromptfooExportOptions = {},
): Promise<PromptfooOutput> {
  const [tests, providers] = [new Map<string, number>(), new Map<string, number>()];
  const results: PromptfooResult[] = [];
  for await (const measurement of measurements) {
    const { item, model, prompt = "", scores, output, usage, cost, cached, latency, error, segments } = measurement;
    const own = scores[score ?? Object.keys(scores)[0] ?? ""] ?? 0;
    results.push({
      testIdx: numberOf(tests, item),
      promptIdx: numberOf(providers, model),
      provider: { id: model, label: model },
      prompt: { raw: prompt, label: "{{prompt}}" },
      vars: { prompt },
      response: {
        ...(output !== undefined && { output }),
        ...(error && { error: error.message }),
        ...(cached && { cached }),
        ...(usage && { tokenUsage: usageOf(usage) }),
      },
      ...(error && { error: error.message }),
      success: error === undefined && own >= pass,
      score: own,
      namedScores: scores,
      ...(latency !== undefined && { latencyMs: latency }),
      ...(cost && { cost: cost.total / 1e9 }),
      testCase: { ...(segments && { metadata: segments }) },
    });
  }
  const errors = results.filter(({ error }) => error != null).length;
  const successes = results.filter(({ success }) => success).length;
  const stats = { successes, failures: results.length - successes - errors, errors };
  return { results: { version: 3, timestamp: timestamp.toISOString(), results, stats } };
}

function numberOf(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name) ?? numbers.size;
  numbers.set(name, known);
  return known;
}

function usageOf({ input, output }: NonNullable<Measurement["usage"]>): {
  readonly prompt?: number;
  readonly completion?: number;
} {
  return { ...(input !== undefined && { prompt: input }), ...(output !== undefined && { completion: output }) };
}
