import { readFile } from "node:fs/promises";
import { ModelError } from "@plugboard/core";
import { convert } from "../models-dev.ts";
import type { Source } from "../models-dev.ts";
import { entryOf } from "../catalog-model.ts";
import type { CatalogTable } from "../table.ts";

/** Where newer data come from. */
export interface LoadOptions {
  /** @default the global fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds that fetching may take. @default 30000 */
  readonly timeout?: number;
  /** Milliseconds since the epoch: the day of data that do not say theirs. @default Date.now */
  readonly now?: () => number;
}

/** Data for `catalog({ data })`, and what of the source is not in them. */
export interface LoadedCatalog {
  readonly data: CatalogTable;
  /** A sentence for each model or provider that was left out, since the source says of it what is not understood. */
  readonly leftOut: readonly string[];
}

/** More than ten times what models.dev is. */
const largest = 64 * 1024 * 1024;

/**
 * Newer prices, limits and abilities: from a file or a URL, in the form of models.dev (`https://models.dev/api.json`) or in the
 * catalogue's own. Nothing changes until the application makes a catalogue of them, so a bad file never takes a good one's place.
 *
 * @param from - a path, or an `https:` URL
 * @throws {ModelError} `network` when it cannot be read, `parse` when it is neither form
 * @example
 * const { data } = await loadCatalog("https://models.dev/api.json");
 * const { quote, limits } = catalog({ data });
 */
export async function loadCatalog(from: string | URL, options: LoadOptions = {}): Promise<LoadedCatalog> {
  const { now = Date.now } = options;
  const text = await read(from, options);
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch (cause) {
    throw unreadable(from, "it is not JSON", cause);
  }
  if (!isObject(told)) throw unreadable(from, "it is no object");
  return isTable(told) ? ownTable(told, from) : fromModelsDev(told, from, now());
}

async function read(from: string | URL, { fetch = globalThis.fetch, timeout = 30_000 }: LoadOptions): Promise<string> {
  const url = typeof from === "string" && !/^(https?|file):/.test(from) ? undefined : new URL(from);
  try {
    if (!url || url.protocol === "file:") return await readFile(url ?? from, "utf8");
    if (url.protocol !== "https:" && url.hostname !== "127.0.0.1")
      throw new ModelError("Prices are fetched over https alone.", { code: "invalid-request" });
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(timeout) });
    if (!response.ok)
      throw new ModelError(`It answers ${response.status}.`, { code: "network", status: response.status });
    const text = await response.text();
    if (text.length > largest) throw new ModelError("It is larger than 64 MiB.", { code: "parse" });
    return text;
  } catch (cause) {
    if (cause instanceof ModelError && cause.code !== "network") throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(`The catalogue at ${nameOf(from)} cannot be read: ${why}`, { code: "network", cause });
  }
}

function isTable(told: Record<string, unknown>): boolean {
  return isObject(told["snapshot"]) && isObject(told["providers"]);
}

/** Read once whole, so that a row which is none is found now and not at a call. */
function ownTable(told: object, from: string | URL): LoadedCatalog {
  const data = told as CatalogTable;
  const { date } = data.snapshot;
  if (typeof date !== "string" || !/^\d{4}-\d\d-\d\d$/.test(date)) {
    throw unreadable(from, "`snapshot.date` must be a day like 2026-07-02");
  }
  for (const [provider, rows] of Object.entries(data.providers)) {
    for (const [id, row] of Object.entries(rows)) {
      try {
        entryOf(provider, id, row);
      } catch (cause) {
        throw unreadable(from, `the row of ${provider} ${id} is none`, cause);
      }
    }
  }
  return { data, leftOut: [] };
}

/** The live API has the providers at the top; an export has them beside their source. */
function fromModelsDev(told: Record<string, unknown>, from: string | URL, now: number): LoadedCatalog {
  const day = new Date(now).toISOString().slice(0, 10);
  const source = { repository: "anomalyco/models.dev", licence: "MIT", date: day };
  // What stands deeper is looked at model by model.
  const whole = isExport(told) ? told : { source, providers: told as Source["providers"] };
  const leftOut: string[] = [];
  const data = convert(whole, ({ message }) => leftOut.push(message));
  if (Object.keys(data.providers).length === 0) throw unreadable(from, "it has none of the providers that are known");
  return { data, leftOut };
}

function isExport(told: object): told is Source {
  return "source" in told && isObject(told.source) && "providers" in told && isObject(told.providers);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unreadable(from: string | URL, why: string, cause?: unknown): ModelError {
  const message = `The catalogue at ${nameOf(from)} cannot be used: ${why}.`;
  return new ModelError(message, { code: "parse", ...(cause !== undefined && { cause }) });
}

/** Without a query, which may hold a key. */
function nameOf(from: string | URL): string {
  return String(from).replace(/\?.*$/, "");
}
