import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** One request of a trace: when it came, in milliseconds from its start, and how many tokens it had. No text is known. */
interface TraceRecord {
  readonly t: number;
  readonly in: number;
  readonly out: number;
  /** The blocks of 512 tokens that it begins with, by their hash: equal ones are equal text. */
  readonly h?: readonly number[];
}

/** A stretch of real traffic. */
export interface Trace {
  readonly name: string;
  readonly records: readonly TraceRecord[];
}

const names = ["azure-conv", "azure-code", "mooncake-conversation"] as const;

/** The traces in a folder; `undefined` where they are not. */
export function readTraces(folder: string): Trace[] | undefined {
  const paths = names.map((name) => join(folder, `${name}.jsonl.gz`));
  if (!paths.every((path) => existsSync(path))) return undefined;
  return paths.map((path, place) => ({
    name: names[place]!,
    records: gunzipSync(readFileSync(path))
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as TraceRecord),
  }));
}

/** Where there are none: half an hour of one that is made up, with bursts, long tails and conversations that go on. */
export function madeUpTraces(random: () => number): Trace[] {
  const records: TraceRecord[] = [];
  const conversations: number[][] = [];
  let blocks = 0;
  for (let t = 0; t < 1_800_000;) {
    t += -Math.log(1 - random()) * (Math.sin(t / 60_000) > 0.7 ? 60 : 400);
    const open = conversations.length > 0 && random() < 0.6 ? Math.floor(random() * conversations.length) : undefined;
    const h = [...(open === undefined ? [] : conversations[open]!)];
    for (let more = Math.ceil(-Math.log(1 - random()) * 4); more > 0; more--) h.push(blocks++);
    if (open === undefined) conversations.push(h);
    else conversations[open] = h;
    if (conversations.length > 100) conversations.shift();
    records.push({
      t: Math.floor(t),
      in: 512 * h.length - Math.floor(random() * 512),
      out: Math.ceil(-Math.log(1 - random()) * 200),
      h,
    });
  }
  return [{ name: "made up", records }];
}
