import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measurement, PriceLookup } from "@plugboard/core";
import { budget, cache, cost, retry } from "@plugboard/middleware";
import { scripted, scriptedAs } from "@plugboard/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { jsonl } from "../dataset/jsonl.ts";
import { exact } from "../scorers/exact.ts";
import { normalised } from "../scorers/normalised.ts";
import { allOf } from "../test-all-of.ts";
import { evaluate } from "./evaluate.ts";
import type { Progress } from "./progress.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "evaluation-"));
});
afterAll(() => rm(directory, { recursive: true }));

const capitals = [
  { id: "fr", prompt: "The capital of France?", expected: "Paris", task: "europe" },
  { id: "it", prompt: "The capital of Italy?", expected: "Rome", task: "europe" },
  { id: "jp", prompt: "The capital of Japan?", expected: "Tokyo", task: "asia" },
];
const knows = { France: "Paris", Italy: "Rome", Japan: "Tokyo" };

/** A millionth of a dollar a token. */
const price: PriceLookup = ({ input = 0, output = 0 }) => ({ cost: { total: 1000 * (input + output) } });

/** Answers right, in as many words. */
function geographer(id: string): ReturnType<typeof scripted> {
  return scriptedAs({ provider: "school", id }, ({ messages }) => {
    const country = Object.keys(knows).find((name) => JSON.stringify(messages).includes(name));
    return [knows[country as keyof typeof knows], { usage: { input: 10, output: 2 } }];
  });
}

function file(): string {
  return join(directory, `${crypto.randomUUID()}.jsonl`);
}

async function linesOf(path: string): Promise<Measurement[]> {
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Measurement);
}

test("asks every model every item, and has each answer scored", async () => {
  const run = evaluate({
    dataset: capitals,
    models: [geographer("a"), scriptedAs({ provider: "school", id: "b" }, "paris.")],
    scorers: [exact(), normalised()],
  });
  const all = await allOf(run);
  expect(all).toHaveLength(6);
  expect(all.find(({ item, model }) => item === "fr" && model === "school/b")).toMatchObject({
    prompt: "The capital of France?",
    segments: { task: "europe" },
    scores: { exact: 0, normalised: 1 },
    output: "paris.",
    finishReason: "stop",
  });
  const { models } = await run.result();
  expect(models["school/a"]!.scores["exact"]).toMatchObject({ count: 3, mean: 1 });
  expect(models["school/b"]!.scores["normalised"]!.mean).toBeCloseTo(1 / 3, 10);
});

test("takes rows of any shape with a schema, whose types scorers see", async () => {
  const row = z.object({ question: z.string(), answer: z.coerce.string(), level: z.enum(["easy", "hard"]) });
  const path = file();
  await writeFile(
    path,
    `{"question":"1+1","answer":2,"level":"easy"}\n\n{"question":"2+2","answer":4,"level":"hard"}\n`,
  );
  const all = await allOf(
    evaluate({
      row,
      dataset: jsonl(path),
      ask: ({ question }) => question,
      item: ({ question, level }) => ({ id: question, segments: { level } }),
      models: { calculator: scripted("2") },
      scorers: {
        right: ({ row: { answer }, text }) => text === answer,
        exact: exact({ expected: ({ answer }: z.infer<typeof row>) => answer }),
      },
    }),
  );
  expect(all.map(({ item, scores, segments }) => [item, scores, segments])).toStrictEqual([
    ["1+1", { right: 1, exact: 1 }, { level: "easy" }],
    ["2+2", { right: 0, exact: 0 }, { level: "hard" }],
  ]);
});

test.each([
  ['{"question":"a"}\n{"question":3}\n', /:2: `question` .*expected string/],
  ['{"question":"a"}\n\n{"question":\n', /:3: expected JSON/],
])("says of a bad row where it stands and what was expected: %j", async (text, sentence) => {
  const path = file();
  await writeFile(path, text);
  const options = {
    row: z.object({ question: z.string() }),
    dataset: jsonl(path),
    ask: ({ question }: { readonly question: string }) => question,
    models: { any: scripted("x") },
    scorers: {},
  };
  await expect(evaluate(options).result()).rejects.toMatchObject({
    code: "invalid-request",
    message: expect.stringMatching(sentence),
  });

  const told: string[] = [];
  const passed = evaluate({ ...options, badRows: "skip", onBadRow: (sentence) => void told.push(sentence) });
  await expect(passed.result()).resolves.toMatchObject({ badRows: 1, models: { any: { measured: 1 } } });
  expect(told).toStrictEqual([expect.stringMatching(sentence)]);
});

test("refuses two rows of one name", async () => {
  const dataset = [capitals[0]!, capitals[1]!, { ...capitals[2]!, id: "fr" }];
  await expect(evaluate({ dataset, models: [geographer("a")], scorers: [exact()] }).result()).rejects.toThrow(
    'row 3: `id` expected a name of its own: "fr" is that of row 1, too.',
  );
});

test("scores answers that rows carry, beside a model that is asked", async () => {
  const model = geographer("asked");
  const dataset = capitals.map((row) => ({
    ...row,
    models: { old: { output: "Rome", costUSD: 0.000_002, latencyMs: 120, inputTokens: 7, score: 0.5 } },
  }));
  const run = evaluate({ dataset, models: { before: "old", after: model }, scorers: [exact()] });
  const all = await allOf(run);
  expect(model.requests).toHaveLength(3);
  expect(
    all.filter(({ model }) => model === "before").map(({ item, scores }) => [item, scores["exact"]]),
  ).toStrictEqual([
    ["fr", 0],
    ["it", 1],
    ["jp", 0],
  ]);
  expect(all[0]).toMatchObject({ model: "before", cost: { total: 2000 }, latency: 120, usage: { input: 7 } });

  const alone = await evaluate({ dataset, scorers: [exact()] }).result();
  expect(Object.keys(alone.models)).toStrictEqual(["old"]);
});

test("goes on where it was interrupted: asks nothing twice, and mends a half line", async () => {
  const results = file();
  const first = geographer("a");
  let seen = 0;
  for await (const _ of evaluate({ dataset: capitals, models: [first], scorers: [exact()], results, concurrency: 1 })) {
    if (++seen === 2) break;
  }
  const written = await linesOf(results);
  await appendFile(results, '{"item":"jp","model":"school/a","sco');

  const second = geographer("a");
  const again = evaluate({ dataset: capitals, models: [second], scorers: [exact()], results });
  const all = await allOf(again);
  expect(new Set(all.map(({ item }) => item))).toStrictEqual(new Set(["fr", "it", "jp"]));
  expect(first.requests.length + second.requests.length).toBe(3);
  const lines = await linesOf(results);
  expect(lines.slice(0, written.length)).toStrictEqual(written);
  expect(lines.map(({ item }) => item).toSorted()).toStrictEqual(["fr", "it", "jp"]);

  const third = geographer("a");
  await evaluate({ dataset: capitals, models: [third], scorers: [exact()], results }).result();
  expect(third.requests).toHaveLength(0);
});

test("asks again what failed in a way that may pass, and not what failed for good", async () => {
  const results = file();
  const failing = scriptedAs({ id: "f" }, { error: "overloaded" }, { error: "content-filter" }, "Tokyo");
  const options = { dataset: capitals, scorers: [exact()], results, concurrency: 1 };
  const first = await evaluate({ ...options, models: [failing] }).result();
  expect(first.models["scripted/f"]).toMatchObject({
    measured: 3,
    failed: 2,
    scores: { exact: { count: 1, mean: 1 } },
  });

  const mended = scriptedAs({ id: "f" }, "Paris");
  const second = await evaluate({ ...options, models: [mended] }).result();
  expect(mended.requests.map(({ messages }) => messages[0]!.content)).toStrictEqual(["The capital of France?"]);
  expect(second.models["scripted/f"]).toMatchObject({ measured: 3, failed: 1 });
  await expect(linesOf(results)).resolves.toHaveLength(3);
});

test("refuses results of another dataset", async () => {
  const results = file();
  const options = { models: [geographer("a")], scorers: [exact()], results };
  await evaluate({ ...options, dataset: [{ prompt: "France?" }] }).result();
  await expect(evaluate({ ...options, dataset: [{ prompt: "Italy?" }] }).result()).rejects.toThrow(/to another prompt/);
});

test("a second run through a cache asks nobody and costs nothing", async () => {
  const model = geographer("a");
  const cached = model.with(cost(price), cache());
  const options = { dataset: capitals, models: [cached], scorers: [exact()] };
  const first = await evaluate(options).result();
  expect(model.requests).toHaveLength(3);
  expect(first.models["school/a"]!.cost).toBeGreaterThan(0);

  const all = await allOf(evaluate(options));
  expect(model.requests).toHaveLength(3);
  expect(all.map(({ cost, cached, latency }) => [cost?.total, cached, latency])).toStrictEqual([
    [0, true, undefined],
    [0, true, undefined],
    [0, true, undefined],
  ]);
  expect(all.every(({ scores }) => scores["exact"] === 1)).toBe(true);
});

test("retries as the model's middleware says, and ends when a budget is spent, to go on later", async () => {
  const results = file();
  const flaky = scriptedAs({ id: "f" }, { error: "overloaded" }, ["Paris", { usage: { input: 10, output: 2 } }]);
  const limited = flaky.with(
    cost(price),
    retry({ delay: 1 }),
    budget({
      limit: { usd: 0.000_03 },
      price,
      limits: () => ({ output: 10 }),
      count: () => ({ tokens: 10, bound: "upper" }),
    }),
  );
  const options = { dataset: capitals, scorers: [exact()], results, concurrency: 1 };
  await expect(evaluate({ ...options, models: [limited] }).result()).rejects.toMatchObject({ code: "budget" });
  const paid = await linesOf(results);
  expect(paid.length).toBeGreaterThan(0);
  expect(paid.length).toBeLessThan(3);
  expect(paid.every(({ error }) => error === undefined)).toBe(true);

  const rich = scriptedAs({ id: "f" }, "Paris");
  await evaluate({ ...options, models: [rich] }).result();
  expect(rich.requests).toHaveLength(3 - paid.length);
});

test("keeps so many calls under way, and no more", async () => {
  let [open, most] = [0, 0];
  const slow = scripted(() => [{ wait: 2 }, "x"]);
  const counting = slow.with((model) => async (request) => {
    most = Math.max(most, ++open);
    return (await model.call(request)).onEnd(() => void open--);
  });
  const dataset = Array.from({ length: 20 }, (_, number) => ({ prompt: `${number}` }));
  await evaluate({ dataset, models: [counting], scorers: [], concurrency: 3 }).result();
  expect(most).toBe(3);
});

test("reads no more of a dataset than it needs", async () => {
  let read = 0;
  function* endless(): Generator<{ readonly prompt: string }> {
    for (;;) yield { prompt: `question ${++read}` };
  }
  let seen = 0;
  for await (const _ of evaluate({ dataset: endless(), models: [scripted("x")], scorers: [], concurrency: 4 })) {
    if (++seen === 50) break;
  }
  expect(read).toBeLessThan(50 + 3 * 4);
});

test("asks each item as often as told, tagged so that a cache can keep them apart", async () => {
  const model = geographer("a");
  const cached = model.with(cache({ scope: ["repeat"] }));
  const all = await allOf(evaluate({ dataset: capitals, models: [cached], scorers: [exact()], repeats: 2 }));
  expect(model.requests).toHaveLength(6);
  expect(all.filter(({ repeat }) => repeat === 1)).toHaveLength(3);
});

test("notes a scorer that fails, and gives what the others said", async () => {
  const all = await allOf(
    evaluate({
      dataset: [capitals[0]!],
      models: [geographer("a")],
      scorers: {
        broken: () => {
          throw new Error("no ruler");
        },
        late: () => Promise.reject(new Error("no judge")),
        endless: () => Number.NaN,
        silent: () => undefined,
        several: ({ text }) => ({ short: text.length < 10, letters: text.length }),
      },
    }),
  );
  expect(all[0]!.scores).toStrictEqual({ short: 1, letters: 5 });
  expect(all[0]!.unscored).toStrictEqual({
    broken: "no ruler",
    late: "no judge",
    endless: "A score must be a finite number; it is NaN.",
  });
});

test("ends when it is called off, with what is done in the file", async () => {
  const results = file();
  const stop = new AbortController();
  const model = scripted("Paris", { hang: true });
  const run = evaluate({
    dataset: capitals,
    models: [model],
    scorers: [],
    results,
    signal: stop.signal,
    concurrency: 1,
  });
  const ended = (async () => {
    for await (const _ of run) stop.abort();
  })();
  await expect(ended).rejects.toMatchObject({ code: "aborted" });
  await expect(linesOf(results)).resolves.toHaveLength(1);
});

test("tells how far it has come", async () => {
  const told: Progress[] = [];
  const failing = scripted("Paris", { error: "server" }, "x");
  await evaluate({
    dataset: capitals,
    models: [failing],
    scorers: [exact()],
    onProgress: (progress) => void told.push(progress),
    progressInterval: 0,
  }).result();
  expect(told.map(({ done, total, ended }) => [done, total, ended])).toStrictEqual([
    [1, 3, false],
    [2, 3, false],
    [3, 3, false],
    [3, 3, true],
  ]);
  expect(told.at(-1)).toMatchObject({ failed: 1, remaining: 0, kept: 0 });
  expect(told[1]!.remaining).toBeGreaterThan(0);
});

test("does not write an item whose judge was called off, so that it is measured later", async () => {
  const results = file();
  const stop = new AbortController();
  const judged = (): Promise<number> => {
    stop.abort();
    return Promise.reject(new Error("called off"));
  };
  const options = { dataset: [capitals[0]!], models: [geographer("a")], results };
  const run = evaluate({ ...options, scorers: { judged }, signal: stop.signal });
  await expect(run.result()).rejects.toMatchObject({ code: "aborted" });
  const { models } = await evaluate({ ...options, scorers: { judged: () => 1 } }).result();
  expect(models["school/a"]!.scores["judged"]).toMatchObject({ count: 1, mean: 1 });
});

test("counts no time that was waited for limits of our own", async () => {
  vi.useFakeTimers();
  try {
    const slow = scripted([{ wait: 30 }, "x", { wait: 20 }, "y"]);
    const limited = slow.with((model) => async (request) => {
      await new Promise((resolve) => void setTimeout(resolve, 5000));
      return model.call(request);
    });
    const all = allOf(evaluate({ dataset: [capitals[0]!], models: [limited], scorers: [] }));
    await vi.advanceTimersByTimeAsync(6000);
    expect((await all)[0]).toMatchObject({ firstContent: 30, latency: 50 });
  } finally {
    vi.useRealTimers();
  }
});

test("has an answer that a row carries once, however often models are asked", async () => {
  const dataset = [{ ...capitals[0]!, models: { old: { output: "Rome" } } }];
  const all = await allOf(
    evaluate({ dataset, models: { old: "old", asked: scripted("Paris") }, scorers: [], repeats: 3 }),
  );
  expect(all.map(({ model }) => model).toSorted()).toStrictEqual(["asked", "asked", "asked", "old"]);
});

test("takes over each result once, and only those of its models", async () => {
  const results = file();
  const line = (model: string): string => `${JSON.stringify({ item: "fr", model, scores: { exact: 1 } })}\n`;
  await writeFile(results, line("school/a") + line("school/a") + line("school/b"));
  const model = geographer("a");
  const all = await allOf(evaluate({ dataset: capitals, models: [model], scorers: [exact()], results }));
  expect(all.map(({ item }) => item)).toStrictEqual(["fr", "it", "jp"]);
  expect(model.requests).toHaveLength(2);
});

test("has wider intervals where items belong together", async () => {
  const rows = Array.from({ length: 40 }, (_, number) => ({
    prompt: "x",
    expected: "a",
    models: { m: { output: number % 8 < 4 ? "a" : "b" } },
  }));
  const widthOf = async (dataset: readonly object[]): Promise<number> => {
    const { models } = await evaluate({ dataset, scorers: [exact()] }).result();
    const { lower, upper } = models["m"]!.scores["exact"]!.interval!;
    return upper - lower;
  };
  const together = rows.map((row, number) => ({ ...row, cluster: String(Math.floor(number / 4)) }));
  expect(await widthOf(together)).toBeGreaterThan(1.5 * (await widthOf(rows)));
});
