import { readFile } from "node:fs/promises";
import { ModelError } from "@plugboard/core";
import type { Json, JsonObject } from "@plugboard/core";
import { csv } from "../dataset/csv.ts";
import { jsonl } from "../dataset/jsonl.ts";
import type { PlacedRow, RowSource } from "../dataset/row-source.ts";
import type { EvaluationRow } from "../evaluate/evaluation-row.ts";

/** How tests of promptfoo become rows. */
export interface PromptfooTestsOptions {
  /** The prompt, with variables as `{{name}}`. @default the variable `prompt`, `question`, `query` or `input`, or the only one there is */
  readonly prompt?: string;
}

/** A test of promptfoo, as far as it is read here. */
export interface PromptfooTest {
  readonly description?: string;
  readonly vars?: Readonly<Record<string, Json>>;
  readonly assert?: readonly { readonly type: string; readonly value?: Json }[];
  readonly metadata?: JsonObject;
}

/** Assertions that say what a right answer is; the others judge it, and are scorers here. */
const sayings: ReadonlySet<string> = new Set([
  "equals",
  "contains",
  "icontains",
  "is-json",
  "contains-all",
  "icontains-all",
  "contains-any",
  "icontains-any",
]);
const usualVariables = ["prompt", "question", "query", "input"] as const;

/**
 * A dataset of promptfoo: its tests as JSON (a list, or a configuration with `tests`), JSONL or CSV (`__expected`, `__description`,
 * `__metadata:name`). The variables are the row's `vars`, the first assertion that says a right answer its `expected`, texts of the
 * metadata its `segments`. Assertions that judge by code or by model are not taken over: give scorers. YAML is not read: let promptfoo write JSON.
 *
 * @throws {ModelError} as it is read: `parse` for a file that is none of these
 * @example
 * const dataset = promptfooTests("tests.csv", { prompt: "Translate to {{language}}: {{text}}" });
 */
export function promptfooTests(path: string, options: PromptfooTestsOptions = {}): RowSource {
  const source = /\.csv$/i.test(path) ? csv(path) : /\.jsonl$/i.test(path) ? jsonl(path) : wholeJson(path);
  const testOf = /\.csv$/i.test(path) ? testOfCells : (value: unknown): PromptfooTest => value as PromptfooTest;
  return {
    ...source,
    async *rows() {
      for await (const placed of source.rows())
        yield placed.fault === undefined ? rowAt(placed.place, testOf(placed.value), options) : placed;
    },
  };
}

function wholeJson(path: string): RowSource {
  return {
    name: path,
    async *rows() {
      let value: unknown;
      try {
        value = JSON.parse(await readFile(path, "utf8"));
      } catch (cause) {
        throw new ModelError(`${path} is no JSON: ${(cause as Error).message}.`, { code: "parse", cause });
      }
      const tests = Array.isArray(value) ? (value as unknown[]) : (value as { readonly tests?: unknown } | null)?.tests;
      if (!Array.isArray(tests)) throw new ModelError(`${path} has no list of tests.`, { code: "parse" });
      for (const [place, test] of tests.entries())
        yield { place: `${path}, test ${place + 1}`, value: test as unknown };
    },
  };
}

function rowAt(place: string, test: PromptfooTest | null, { prompt }: PromptfooTestsOptions): PlacedRow {
  if (typeof test !== "object" || test === null || Array.isArray(test))
    return { place, fault: "expected a test: an object with `vars`" };
  const { description, vars = {}, assert = [], metadata = {} } = test;
  const asked = prompt === undefined ? usualPrompt(vars) : filled(prompt, vars);
  if (typeof asked !== "string") return { place, fault: asked.fault };
  const said = assert.find(({ type, value }) => sayings.has(type) && value !== undefined);
  const segments = Object.entries(metadata).filter(([, value]) => typeof value === "string");
  const row: EvaluationRow & { readonly vars: object; readonly description?: string } = {
    prompt: asked,
    ...(said?.value !== undefined && { expected: said.value }),
    ...(segments.length > 0 && { segments: Object.fromEntries(segments) as Record<string, string> }),
    ...(description !== undefined && { description }),
    vars,
  };
  return { place, value: row };
}

interface Fault {
  readonly fault: string;
}

function usualPrompt(vars: Readonly<Record<string, Json>>): string | Fault {
  const names = Object.keys(vars);
  const name = usualVariables.find((name) => name in vars) ?? (names.length === 1 ? names[0] : undefined);
  if (name !== undefined) return textOf(vars[name]!);
  return { fault: `\`vars\` expected one of ${usualVariables.join(", ")}, or give \`prompt\` as a template` };
}

/** `{{name}}`, blanks allowed. Filters and blocks of Nunjucks are not understood, and said to be so. */
function filled(template: string, vars: Readonly<Record<string, Json>>): string | Fault {
  let fault: string | undefined;
  const text = template.replace(/\{\{(.*?)\}\}|\{%.*?%\}/gs, (whole, inner: string | undefined) => {
    const name = inner?.trim() ?? "";
    const value = vars[name];
    if (value !== undefined) return textOf(value);
    fault ??= /^[\w.]+$/.test(name)
      ? `\`vars.${name}\` expected a value for ${whole}`
      : `${whole} is no plain variable`;
    return "";
  });
  return fault === undefined ? text : { fault };
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A row of promptfoo's CSV: columns that begin with `__` speak of the test, the others are its variables. */
function testOfCells(value: unknown): PromptfooTest {
  const vars: Record<string, string> = {};
  const metadata: Record<string, string> = {};
  const assert: { type: string; value: string }[] = [];
  let description: string | undefined;
  for (const [name, cell] of Object.entries(value as Readonly<Record<string, string>>)) {
    if (/^__expected\d*$/.test(name)) assert.push(assertionOf(cell));
    else if (name === "__description") description = cell;
    else if (name.startsWith("__metadata:")) metadata[name.slice("__metadata:".length)] = cell;
    else if (!name.startsWith("__")) vars[name] = cell;
  }
  return { vars, assert, metadata, ...(description !== undefined && { description }) };
}

/** `contains: Paris`; without a type, what the answer equals. */
function assertionOf(cell: string): { type: string; value: string } {
  const typed = /^([a-z-]+)(?:\([\d.]+\))?:\s*(.*)$/s.exec(cell);
  return typed ? { type: typed[1]!, value: typed[2]! } : { type: "equals", value: cell };
}

/**
 * The test of promptfoo that a row stands for: the prompt as the variable `prompt`, what is expected as `equals`, the groups as metadata.
 *
 * @throws {ModelError} `unsupported` for a row with a conversation, for which a variable has no room
 * @example
 * await writeFile("tests.json", JSON.stringify(rows.map(asPromptfooTest)));
 */
export function asPromptfooTest({ id, prompt, expected, task, segments }: EvaluationRow): PromptfooTest {
  if (prompt === undefined) {
    throw new ModelError("A row with `messages` is no test of promptfoo; give it a `prompt`.", { code: "unsupported" });
  }
  const value = typeof expected === "string" || expected === undefined ? expected : JSON.stringify(expected);
  const metadata = { ...segments, ...(task !== undefined && { task }) };
  return {
    ...(id !== undefined && { description: String(id) }),
    vars: { prompt },
    ...(value !== undefined && { assert: [{ type: "equals", value }] }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}
