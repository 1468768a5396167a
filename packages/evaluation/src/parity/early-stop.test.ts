import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@plugboard/statistics";
import { scriptedAs } from "@plugboard/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exact } from "../scorers/exact.ts";
import { latency } from "../scorers/latency.ts";
import { measured } from "./measured.samples.ts";
import { parity } from "./parity.ts";
import { EarlyStop } from "./early-stop.ts";
import type { Gate } from "./gate.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "plugboard-early-"));
});
afterAll(() => rm(directory, { recursive: true }));

const gates: Readonly<Record<string, Gate>> = { quality: { score: "exact", margin: 0.1 } };
const scorers = [exact(), latency()];
const dataset = Array.from({ length: 600 }, (_, place) => ({ prompt: `What is ${place}?`, expected: `${place}` }));

/** Knows the numbers of which this holds. */
function knowing(id: string, knows: (number: number) => boolean = () => true): ReturnType<typeof scriptedAs> {
  return scriptedAs({ provider: "school", id }, ({ messages }) => {
    const number = /\d+/.exec(JSON.stringify(messages.at(-1)))![0];
    return knows(Number(number)) ? number : "no idea";
  });
}

test("ends as soon as the gates pass, and says how many rows were saved", async () => {
  const [large, small] = [knowing("large"), knowing("small", (number) => number % 50 > 0)];
  const result = await parity(large, small, { dataset, scorers, gates, stopEarly: true });
  expect(result).toMatchObject({ verdict: "pass", early: { rows: 600 }, gates: [{ verdict: "pass" }] });
  expect(result.early!.saved).toBe(600 - large.requests.length);
  expect(result.early!.saved).toBeGreaterThan(400);
  // What was under way when it ended is not looked at.
  expect(result.items).toBeGreaterThan(600 - result.early!.saved - 8);
  expect(result.items).toBeLessThanOrEqual(600 - result.early!.saved);
});

test("asks in random order, ends as soon as one gate fails, and says what became of the others", async () => {
  // The first half of the rows would say that all is well.
  const [large, small] = [knowing("large"), knowing("small", (number) => number < 300)];
  const both = { ...gates, cost: { measure: "outputTokens", better: "same", margin: "1%" } } as const;
  const result = await parity(large, small, { dataset, scorers, gates: both, stopEarly: true });
  expect(result).toMatchObject({
    verdict: "fail",
    reasons: expect.arrayContaining(["Gate quality is missed."]) as unknown,
  });
  expect(result.early!.saved).toBeGreaterThan(500);
});

test("what is close asks all, and is left open with a reason that says so", async () => {
  const close = { quality: { score: "exact", margin: 0.02 } } as const;
  const [large, small] = [knowing("large"), knowing("small", (number) => number % 50 > 0)];
  const result = await parity(large, small, { dataset, scorers, gates: close, stopEarly: true });
  expect(result).toMatchObject({
    verdict: "undecided",
    items: 600,
    early: { rows: 600, saved: 0 },
    reasons: [expect.stringMatching(/quality is undecided\. All items were asked/)],
  });
  expect(result.missing).toBeUndefined();
});

test("goes on with the results of a run that was cut, and one that is decided asks nobody", async () => {
  const results = join(directory, "cut.jsonl");
  const abort = new AbortController();
  let asked = 0;
  const cut = scriptedAs({ provider: "school", id: "small" }, ({ messages }) => {
    if (++asked === 20) abort.abort();
    return /\d+/.exec(JSON.stringify(messages.at(-1)))![0];
  });
  const options = { dataset, scorers, gates, results, stopEarly: true } as const;
  await expect(parity(knowing("large"), cut, { ...options, signal: abort.signal })).rejects.toMatchObject({
    code: "aborted",
  });
  const [large, small] = [knowing("large"), knowing("small")];
  const gone = await parity(large, small, options);
  const whole = await parity(knowing("large"), knowing("small"), {
    ...options,
    results: join(directory, "whole.jsonl"),
  });
  expect(gone).toMatchObject({ verdict: "pass", items: whole.items });
  expect(large.requests.length).toBeLessThan(600 - gone.early!.saved - 10);
  const [again, other] = [knowing("large"), knowing("small")];
  const kept = await parity(again, other, options);
  expect([again.requests.length, other.requests.length]).toEqual([0, 0]);
  expect(kept).toMatchObject({ verdict: "pass", items: gone.items });
});

test("with a percentile it passes when all is asked, and fails early", async () => {
  const slow: Readonly<Record<string, Gate>> = {
    ...gates,
    slow: { measure: "length", statistic: "p90", margin: "10%" },
  };
  const passed = await parity(knowing("large"), knowing("small"), { dataset, scorers, gates: slow, stopEarly: true });
  expect(passed).toMatchObject({ verdict: "pass", items: 600, early: { saved: 0 } });
  const failed = await parity(
    knowing("large"),
    knowing("no", () => false),
    { dataset, scorers, gates: slow, stopEarly: true },
  );
  expect(failed).toMatchObject({
    verdict: "fail",
    gates: [
      { verdict: "fail" },
      { verdict: "undecided", reason: expect.stringMatching(/^A percentile is judged when all/) as unknown },
    ],
  });
});

test("a log has nothing to stop", async () => {
  const log = [...measured("a", [1]), ...measured("b", [1])];
  const options = { log, gates, stopEarly: true } as unknown as { log: typeof log; gates: typeof gates };
  await expect(parity("a", "b", options)).rejects.toThrow(/log is there already/);
});

test("looks at items in the order in which they were asked, whatever the order of the answers", () => {
  const follow = (order: readonly number[]): EarlyStop => {
    const stop = new EarlyStop({ baseline: "a", candidate: "b", gates }, 1);
    stop.rows(200);
    for (let item = 0; item < 200; item++) stop.next(`${item}`, 2);
    for (const item of order)
      for (const model of ["a", "b"])
        stop.add({ item: `${item}`, model, scores: { exact: model === "b" && item % 2 ? 0 : 1 } });
    return stop;
  };
  const places = Array.from({ length: 200 }, (_, place) => place);
  // Right answers first would pass.
  const rightFirst = follow(places.toSorted((left, right) => (left % 2) - (right % 2)));
  expect(rightFirst.comparison()).toMatchObject({ verdict: "fail" });
  expect(rightFirst.seen).toEqual(follow(places).seen);
});

describe("at the margin, where a pass is as wrong as it can be, a look after each item passes in at most 5 %", () => {
  const random = seededRandom(17);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const cases: readonly [string, Gate, number, () => (number: number) => readonly [number, number]][] = [
    [
      "right and wrong answers",
      { score: "exact", margin: 0.1 },
      1,
      () => () => (random() < 0.25 ? (random() < 0.7 ? [1, 0] : [0, 1]) : [1, 1]),
    ],
    [
      "a mean cost, and a margin in percent",
      { measure: "cost", margin: "10%" },
      1,
      () => () => {
        const shared = normal();
        return [Math.exp(0.4 * (shared + normal())), 1.1 * Math.exp(0.4 * (shared + normal()))];
      },
    ],
    [
      "clusters of ten",
      { score: "exact", margin: 0.1 },
      10,
      () => {
        let worse = 0;
        return (place) => {
          if (place % 10 === 0) worse = random() < 0.5 ? 0.2 : 0;
          return [1, random() < worse ? 0 : 1];
        };
      },
    ],
  ];
  test.each(cases)("%s", (_, gate, size, drawing) => {
    const studies = 150;
    let passed = 0;
    for (let study = 0; study < studies; study++) {
      const draw = drawing();
      const stop = new EarlyStop({ baseline: "a", candidate: "b", gates: { gate } }, 1);
      stop.rows(300);
      const drawn = Array.from({ length: 300 }, (_, place) => ({ place, mark: random(), figures: draw(place) }));
      for (const { place, figures } of drawn.toSorted((left, right) => left.mark - right.mark)) {
        if (!stop.next(`${place}`, 2)) break;
        for (const [which, figure] of figures.entries()) {
          stop.add({
            item: `${place}`,
            model: which === 0 ? "a" : "b",
            ...(size > 1 && { cluster: `${Math.floor(place / size)}` }),
            scores: { exact: Math.min(1, figure) },
            cost: { total: 1000 * figure },
          });
        }
      }
      if (stop.comparison().verdict === "pass") passed += 1;
    }
    expect(passed).toBeLessThan(0.05 * studies + 3 * Math.sqrt(0.05 * 0.95 * studies));
  });
});
