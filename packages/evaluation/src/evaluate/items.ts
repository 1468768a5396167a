import { ModelError, askedRequest, issuesAsText } from "@plugboard/core";
import type { Message, ModelRequest } from "@plugboard/core";
import { seededRandom } from "@plugboard/statistics";
import { allOf } from "../parity/all-of.ts";
import { sourceOf } from "../dataset/row-source.ts";
import type { Dataset, PlacedRow } from "../dataset/row-source.ts";
import type { EvaluationOptions, ItemFacts } from "./evaluation-options.ts";
import { evaluationRow } from "./evaluation-row.ts";
import type { EvaluationRow, RecordedAnswer } from "./evaluation-row.ts";

/** A row that has been checked, and what is read of it. */
export interface Item<Row> {
  readonly row: Row;
  readonly place: string;
  readonly id: string;
  readonly segments: Readonly<Record<string, string>> | undefined;
  readonly cluster: string | undefined;
  readonly request: ModelRequest;
  readonly prompt: string;
  readonly answers: Readonly<Record<string, RecordedAnswer>> | undefined;
}

/** What items are made by: some of the options. */
export type ItemOptions<Row> = Pick<
  EvaluationOptions<Row>,
  "dataset" | "row" | "ask" | "item" | "answers" | "badRows" | "onBadRow"
> & { readonly onSkip: () => void };

/** A random order, for which all rows are read first. */
export interface RandomOrder {
  readonly seed: number;
  /** Told how many rows there are. */
  readonly rows: (count: number) => void;
}

/**
 * The rows of a dataset, checked one by one, in their order or a random one.
 *
 * @throws {ModelError} `invalid-request` for a row that is not what it must be, with its place, the field and what was expected
 */
export async function* itemsOf<Row>(options: ItemOptions<Row>, order?: RandomOrder): AsyncGenerator<Item<Row>, void> {
  const known = new Map<string, number>();
  for await (const [number, placed] of order ? shuffled(options.dataset, order) : numbered(options.dataset)) {
    try {
      const item = await itemOf(placed, String(number), options);
      const other = known.get(item.id);
      if (other !== undefined)
        throw bad(
          placed.place,
          `\`id\` expected a name of its own: ${JSON.stringify(item.id)} is that of row ${other}, too`,
        );
      known.set(item.id, number);
      yield item;
    } catch (error) {
      if (options.badRows !== "skip" || !(error instanceof BadRow)) throw error;
      options.onSkip();
      options.onBadRow?.(error.message);
    }
  }
}

/** Rows with their numbers, which are the names of those that have none. */
async function* numbered(dataset: Dataset): AsyncGenerator<readonly [number: number, row: PlacedRow], void> {
  let number = 0;
  for await (const placed of sourceOf(dataset).rows()) yield [++number, placed];
}

/** By Fisher and Yates. The same rows come in the same order. */
async function* shuffled(
  dataset: Dataset,
  { seed, rows }: RandomOrder,
): AsyncGenerator<readonly [number: number, row: PlacedRow], void> {
  const all = await allOf(numbered(dataset));
  rows(all.length);
  const random = seededRandom(seed);
  for (let left = all.length; left > 0; left--) {
    const place = Math.floor(random() * left);
    yield all[place]!;
    all[place] = all[left - 1]!;
    all.pop();
  }
}

/** Tells a bad row from any other failure. */
class BadRow extends ModelError {}

function bad(place: string, why: string, cause?: unknown): BadRow {
  return new BadRow(`${place}: ${why}.`, { code: "invalid-request", ...(cause !== undefined && { cause }) });
}

async function itemOf<Row>(placed: PlacedRow, number: string, options: ItemOptions<Row>): Promise<Item<Row>> {
  const { place } = placed;
  if (placed.fault !== undefined) throw bad(place, placed.fault);
  const row = await checked(placed.value, place, options);
  const usual = row as EvaluationRow;
  const facts = options.item ? options.item(row) : usualFacts(usual);
  const asked = options.ask ? options.ask(row) : usualQuestion(usual);
  if (asked === undefined) throw bad(place, "`prompt` expected a text, or `messages` a list of messages");
  let request: ModelRequest;
  try {
    request = askedRequest(asked);
  } catch (error) {
    throw bad(place, (error as Error).message.replace(/\.$/, ""), error);
  }
  return {
    row,
    place,
    id: facts.id ?? number,
    segments: facts.segments,
    cluster: facts.cluster,
    request,
    prompt: typeof asked === "string" ? asked : wordsOf(request.messages),
    answers: options.answers ? options.answers(row) : usual.models,
  };
}

async function checked<Row>(value: unknown, place: string, { row: schema }: ItemOptions<Row>): Promise<Row> {
  const outcome = (schema ?? evaluationRow)["~standard"].validate(value);
  const { issues, ...right } = outcome instanceof Promise ? await outcome : outcome;
  if (issues) throw bad(place, issuesAsText(issues).replace(/\.$/, ""));
  return (right as { readonly value: Row }).value;
}

function usualQuestion({ messages, prompt, request }: EvaluationRow): ModelRequest | string | undefined {
  if (messages) return { ...request, messages };
  if (typeof prompt !== "string") return undefined;
  return request ? { ...request, messages: [{ role: "user", content: prompt }] } : prompt;
}

/** Groups that a row of any shape names by the usual fields. */
function usualFacts({ id, task, segments, cluster }: EvaluationRow): ItemFacts {
  const groups = typeof task === "string" ? { task, ...segments } : segments;
  return {
    ...(id != null && { id: String(id) }),
    ...(groups && { segments: groups }),
    ...(typeof cluster === "string" && { cluster }),
  };
}

/** What the last user said, as text. */
export function wordsOf(messages: readonly Message[]): string {
  const content = messages.findLast((message) => message.role === "user")?.content ?? "";
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
