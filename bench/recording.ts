// What `record` costs a call, in CPU of the process: node bench/recording.ts. Asked in turn, round after round, so that all see the same machine.
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Model } from "@plugboard/core";
import { openai } from "@plugboard/openai";
import { fileLog, record } from "@plugboard/transcript";
import type { Recording } from "@plugboard/transcript";
import { scrubber } from "plugboard";
import { streamFetch, wholeFetch } from "./answers.ts";
import { measure } from "./measure.ts";
import type { Timed } from "./measure.ts";
import { question } from "./subject.ts";

const folder = await mkdtemp(join(tmpdir(), "plugboard-recording-"));
const files = (name: string): string => join(folder, `${name}.jsonl`);
/** More than a round puts in the queue, so that nothing is dropped and all of the work is counted. */
const room = { room: 1e6, roomBytes: 1e9 };

function logs(): readonly { readonly name: string; readonly log?: Recording }[] {
  return [
    { name: "without" },
    { name: "to nowhere", log: record({ write: async () => {} }, room) },
    { name: "to a file", log: record(fileLog(files("all")), room) },
    { name: "to a file, scrubbed", log: record(fileLog(files("scrubbed")), { ...room, scrub: scrubber() }) },
    { name: "a tenth, to a file", log: record(fileLog(files("tenth")), { ...room, sample: 0.1 }) },
  ];
}

async function print(title: string, fetch: typeof globalThis.fetch, ask: (model: Model) => Promise<unknown>) {
  const made = logs();
  const subjects = made.map(({ name, log }): Timed => {
    const plain = openai("gpt-4o", { apiKey: "key", fetch });
    const model = log ? plain.with(log) : plain;
    return {
      name,
      async run(times) {
        for (let time = 0; time < times; time++) await ask(model);
        await log?.flush();
      },
    };
  });
  const timings = await measure(subjects, { rounds: 9, span: 100 });
  for (const { log } of made) await log?.[Symbol.asyncDispose]();
  const base = timings.get("without")!.cpu;
  for (const { name, log } of made) {
    const { cpu } = timings.get(name)!;
    const dropped = log?.dropped ? `, ${log.dropped} dropped` : "";
    console.log(
      `${title}, ${name}: ${cpu.median.toFixed(0)} µs of CPU a call, ${(cpu.median / base.median).toFixed(2)}× (least to least ${(cpu.least / base.least).toFixed(2)}×)${dropped}`,
    );
  }
}

try {
  await print("generate, 60 tokens", wholeFetch("chat", 60), (model) => model.generate(question));
  await print("stream, 500 tokens", streamFetch("chat", 500, { reads: 16 * 1024 }), async (model) => {
    for await (const event of await model.stream(question)) if (event.type === "finish") return;
  });
} finally {
  rmSync(folder, { recursive: true });
}
