// From an export of models.dev to the catalogue's own table. Pure: the same export gives the same table.
import { scaled } from "./decimal.ts";
import { providers } from "./providers.ts";
import { columns, flags, modalities } from "./table.ts";
import type { CatalogRow, CatalogTable } from "./table.ts";

/** The fields of the source that are read. */
export interface Source {
  readonly source: { readonly repository: string; readonly date: string; readonly licence: string };
  readonly providers: Readonly<Record<string, { readonly models: Readonly<Record<string, SourceModel>> }>>;
}

interface SourceModel {
  readonly tool_call: boolean;
  readonly reasoning: boolean;
  readonly open_weights: boolean;
  readonly structured_output?: boolean;
  readonly temperature?: boolean;
  readonly status?: string;
  readonly cost?: SourceCost;
  readonly limit: { readonly context: number; readonly output: number; readonly input?: number };
  readonly modalities: { readonly input: readonly string[]; readonly output: readonly string[] };
}

/** US dollars per 1,000,000 tokens, by the source's words for what is charged. */
interface SourceCost {
  readonly [charge: string]: unknown;
  readonly tiers?: readonly SourceTier[];
}

interface SourceTier {
  readonly [charge: string]: unknown;
  readonly tier: { readonly size: number };
}

/** The source's words for our columns; it has two spellings of some. */
const columnOf: Readonly<Record<string, (typeof columns)[number]>> = {
  input: "input",
  output: "output",
  cache_read: "cachedInput",
  cached_input: "cachedInput",
  cache_write: "cacheWrite5m",
  cached_write: "cacheWrite5m",
  reasoning: "reasoning",
  input_audio: "inputAudio",
  output_audio: "outputAudio",
};

/** What is charged here is the fee of a router; the model it picks is charged on top, and the source does not say how much. */
const feeOnly: ReadonlySet<string> = new Set(["azure model-router"]);

const letters = new Map<string, string>(Object.entries(modalities).map(([letter, name]) => [name, letter]));

/**
 * The table of the providers that we speak to, sorted by name.
 *
 * @param leaveOut - told of what the source says in a way that is not known yet, which is then left out @default it throws
 */
export function convert(
  { source, providers: told }: Source,
  leaveOut: (problem: Error) => void = refuse,
): CatalogTable {
  const table: Record<string, Record<string, CatalogRow>> = {};
  for (const [name, sourceName] of Object.entries(providers)) {
    const models = told[sourceName]?.models;
    if (!models) {
      leaveOut(new Error(`The source has no provider "${sourceName}".`));
      continue;
    }
    const rows: Record<string, CatalogRow> = {};
    for (const id of Object.keys(models).toSorted()) {
      try {
        rows[id] = convertModel(models[id]!, `${sourceName} ${id}`);
      } catch (error) {
        leaveOut(error as Error);
      }
    }
    table[name] = rows;
  }
  const { repository, licence, date } = source;
  return { snapshot: { source: `models.dev (github.com/${repository})`, licence, date }, providers: table };
}

function refuse(problem: Error): never {
  throw problem;
}

/** The table as text: JSON, one model a line. */
export function print({ snapshot, providers: tables }: CatalogTable): string {
  const blocks = Object.entries(tables).map(([provider, rows]) => {
    const lines = Object.entries(rows).map(([id, row]) => `${JSON.stringify(id)}:${JSON.stringify(row)}`);
    return `${JSON.stringify(provider)}:{\n${lines.join(",\n")}}`;
  });
  return `{"snapshot":${JSON.stringify(snapshot)},"providers":{\n${blocks.join(",\n")}}}`;
}

function convertModel(model: SourceModel, name: string): CatalogRow {
  const { limit, cost } = model;
  const row: [...CatalogRow] = [
    flagsOf(model, name),
    modalitiesOf(model, name),
    trim([limit.context, limit.output, limit.input ?? 0], 0),
  ];
  if (!cost || isUnitless(model) || feeOnly.has(name)) return row;

  const { tiers = [] } = cost;
  const charges = Object.keys(cost).filter((key) => key !== "tiers" && !Object.hasOwn(columnOf, key));
  row.push(pricesOf(cost, name));
  if (tiers.length > 0) {
    const sorted = tiers.toSorted((a, b) => a.tier.size - b.tier.size);
    row.push(sorted.map((tier) => tierOf(tier, name)));
  } else if (charges.length > 0) row.push(null);
  if (charges.length > 0) row.push(charges.toSorted());
  return row;
}

function tierOf(tier: SourceTier, name: string): readonly [above: number, ...prices: (number | null)[]] {
  return [tier.tier.size, ...pricesOf(tier, name)];
}

/** Charged by the picture, song or second: the source then has zeros for tokens, which do not mean that it is free. */
function isUnitless({ cost, modalities: { input, output } }: SourceModel): boolean {
  if (cost?.["input"] !== 0 || cost["output"] !== 0) return false;
  return !input.includes("text") || output.some((name) => name !== "text");
}

function pricesOf(cost: Readonly<Record<string, unknown>>, name: string): (number | null)[] {
  const prices = columns.map((): number | null => null);
  for (const [key, value] of Object.entries(cost)) {
    if (!Object.hasOwn(columnOf, key)) continue;
    // 0.049999999999999996 is a sum that was done in doubles; no price has twelve digits.
    const price = scaled(Number(Number(value).toPrecision(12)), 6);
    if (price === undefined)
      throw new Error(`${name}: the ${key} price ${String(value)} is not whole pico-dollars a token.`);
    const column = columnOf[key]!;
    // Who is paid for input gives no cache reads away: a 0 there says that there is no cache, or no figure.
    if (column === "cachedInput" && price === 0 && cost["input"] !== 0) continue;
    prices[columns.indexOf(column)] = price;
  }
  return trim(prices, null);
}

function flagsOf(model: SourceModel, name: string): string {
  let text = "";
  if (model.tool_call) text += flags.tools;
  if (model.structured_output !== undefined) text += orCapital(flags.structuredOutput, model.structured_output);
  if (model.reasoning) text += flags.reasoning;
  if (model.temperature !== undefined) text += orCapital(flags.temperature, model.temperature);
  if (model.open_weights) text += flags.openWeights;
  switch (model.status) {
    case undefined:
      return text;
    case "deprecated":
    case "beta":
    case "alpha":
      return text + flags[model.status];
    default:
      throw new Error(`${name}: unknown status "${model.status}".`);
  }
}

function orCapital(letter: string, yes: boolean): string {
  return yes ? letter : letter.toUpperCase();
}

function modalitiesOf({ modalities: { input, output } }: SourceModel, name: string): string {
  const lettersOf = (names: readonly string[]): string =>
    names
      .map((modality) => {
        const letter = letters.get(modality);
        if (!letter) throw new Error(`${name}: unknown modality "${modality}".`);
        return letter;
      })
      .toSorted((a, b) => "tiavp".indexOf(a) - "tiavp".indexOf(b))
      .join("");
  return `${lettersOf(input)}>${lettersOf(output)}`;
}

function trim<Value>(values: readonly Value[], empty: Value): Value[] {
  return values.slice(0, values.findLastIndex((value) => value !== empty) + 1);
}
