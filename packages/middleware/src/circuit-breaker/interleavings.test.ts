import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import { ModelError } from "@plugboard/core";
import type { Draft, Model, ModelErrorOptions, ModelRequest, Notice } from "@plugboard/core";
import { testModel } from "../test-model.ts";
import { circuitBreaker } from "./circuit-breaker.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

/** What the provider does, and what is its fault of it. */
const faults = ["server", "network", "overloaded", "cut"] as const;
const callersOwn = ["invalid-request", "auth", "not-found", "quota", "filter"] as const;
const failures: Readonly<Record<(typeof faults)[number] | (typeof callersOwn)[number], ModelErrorOptions>> = {
  server: { code: "server", status: 500 },
  network: { code: "network" },
  overloaded: { code: "overloaded", status: 503 },
  cut: { code: "truncated" },
  "invalid-request": { code: "invalid-request", status: 400 },
  auth: { code: "auth", status: 401 },
  "not-found": { code: "not-found", status: 404 },
  quota: { code: "quota", status: 429 },
  filter: { code: "content-filter" },
};

interface Call {
  readonly after: number;
  /** When its first content comes, and how long after that its end. */
  readonly first: number;
  readonly rest: number;
  readonly end: "fine" | keyof typeof failures;
  /** Whether it fails after its first content. */
  readonly halfWay: boolean;
  /** When the caller calls it off, or lets go of the answer. */
  readonly leaves?: number | undefined;
}

const callOf = (ends: readonly Call["end"][]): fc.Arbitrary<Call> =>
  fc.record({
    after: fc.constantFrom(0, 0, 0, 0, 10, 200, 2000, 6000),
    first: fc.constantFrom(0, 1, 50, 3000),
    rest: fc.constantFrom(0, 20, 1000, 7000),
    end: fc.constantFrom(...ends),
    halfWay: fc.boolean(),
    leaves: fc.option(fc.constantFrom(0, 5, 60, 4000), { nil: undefined, freq: 4 }),
  });

/** The provider is down, or well, or now the one and then the other. */
const spells = fc
  .array(
    fc.oneof(
      fc.array(callOf(faults), { minLength: 12, maxLength: 25 }),
      fc.array(callOf(["fine", "fine", "fine", "fine", ...callersOwn]), { minLength: 8, maxLength: 25 }),
      fc.array(callOf(["fine", ...faults, ...callersOwn]), { minLength: 8, maxLength: 25 }),
    ),
    { minLength: 2, maxLength: 6 },
  )
  .map((all) => all.flat());

function pause(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delay);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}

/** Makes the calls at their times; tells when each reached the provider and left it, and what the breaker said. */
async function play(calls: readonly Call[], probes: number) {
  const sent: { readonly from: number; until: number; failedAt?: number }[] = [];
  const told: { readonly at: number; readonly step: string; readonly retryAfter: number }[] = [];
  const { model } = testModel(async ({ tags, signal }) => {
    const { first, rest, end, halfWay } = calls[Number(tags!["call"])]!;
    const one: (typeof sent)[number] = { from: performance.now(), until: Infinity };
    sent.push(one);
    const leave = (): void => void (one.until = Math.min(one.until, performance.now()));
    signal!.addEventListener("abort", leave);
    const fail = (): never => {
      leave();
      if ((faults as readonly string[]).includes(end)) one.failedAt = performance.now();
      throw new ModelError(`It failed with ${end}.`, failures[end as keyof typeof failures]);
    };
    await pause(first, signal!);
    if (end !== "fine" && !halfWay) fail();
    return (async function* (): AsyncGenerator<Draft> {
      yield "one";
      await pause(rest, signal!);
      if (end !== "fine") fail();
      leave();
      yield { finishReason: "stop", usage: {} };
    })();
  });
  const broken: Model = model.with(circuitBreaker({ probes, random: () => 0 }));
  const notify = (notice: Notice): void => {
    if (notice.type !== "breaker") return;
    told.push({ at: performance.now(), step: notice.step, retryAfter: notice.retryAfter ?? 0 });
  };
  async function ask(place: number, leaves: number | undefined): Promise<void> {
    const stop = new AbortController();
    if (leaves !== undefined) setTimeout(() => stop.abort(), leaves);
    const request: ModelRequest = {
      messages: [{ role: "user", content: "hello" }],
      tags: { call: String(place) },
      signal: stop.signal,
      notify,
    };
    const reply = await broken.stream(request);
    await reply.result();
  }
  const ends: Promise<unknown>[] = [];
  for (const [place, { after, leaves }] of calls.entries()) {
    await vi.advanceTimersByTimeAsync(after);
    ends.push(ask(place, leaves).catch(() => {}));
  }
  await vi.advanceTimersByTimeAsync(30_000);
  await Promise.all(ends);
  return { sent, told, broken };
}

test("whatever happens when: nothing is sent while it is open, never more than the probes until it is closed, and it opens for faults alone", async () => {
  const seen = { opened: 0, closed: 0, flooded: 0 };
  await fc.assert(
    fc.asyncProperty(spells, fc.integer({ min: 1, max: 3 }), async (calls, probes) => {
      const { sent, told } = await play(calls, probes);
      const wrong: string[] = [];
      let openedAt: number | undefined;
      let closedAt = -Infinity;
      for (const { at, step, retryAfter } of told) {
        if (step === "opened") {
          seen.opened++;
          const early = sent.filter(({ from }) => from > at && from < at + retryAfter);
          if (early.length > 0) wrong.push(`sent while it was open from ${at} for ${retryAfter} ms`);
          const since = Math.max(closedAt, at - 30_000);
          const failed = sent.filter(({ failedAt = -Infinity }) => failedAt >= since && failedAt <= at);
          if (openedAt === undefined && failed.length < 5) wrong.push(`opened at ${at} for ${failed.length} faults`);
          openedAt ??= at;
        } else if (step === "closed") {
          seen.closed++;
          wrong.push(...tooManyProbes(sent, openedAt!, at, probes));
          [openedAt, closedAt] = [undefined, at];
        } else if (step === "refused" && openedAt !== undefined) seen.flooded++;
      }
      if (openedAt !== undefined) wrong.push(...tooManyProbes(sent, openedAt, Infinity, probes));
      expect(wrong).toEqual([]);
    }),
    { numRuns: 150 },
  );
  expect(seen.opened).toBeGreaterThan(50);
  expect(seen.closed).toBeGreaterThan(20);
  expect(seen.flooded).toBeGreaterThan(100);
});

/** When more were under way than it may send, of those sent from its opening on until it was closed. */
function tooManyProbes(
  sent: readonly { readonly from: number; readonly until: number }[],
  opened: number,
  closed: number,
  probes: number,
): string[] {
  const ours = sent.filter(({ from }) => from > opened && from < closed);
  return ours.flatMap(({ from }) => {
    // What ends at the very moment at which another begins has made room for it.
    const live = ours.filter((other) => other.from <= from && other.until > from);
    return live.length > probes ? [`${live.length} probes at ${from}, opened at ${opened}`] : [];
  });
}

test("whatever the callers do wrong, or leave: it stays closed, and nobody is refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(callOf(["fine", ...callersOwn]), { minLength: 20, maxLength: 80 }), async (calls) => {
      const { sent, told } = await play(calls, 1);
      expect(told).toEqual([]);
      // One that is called off at once may not get there.
      const leaving = calls.filter(({ leaves }) => leaves === 0).length;
      expect(sent.length).toBeGreaterThanOrEqual(calls.length - leaving);
    }),
    { numRuns: 80 },
  );
});

test("whatever happened: once the provider is well, calls go through again", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(callOf(["fine", ...faults]), { minLength: 20, maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      async (calls, probes) => {
        const well: Call = { after: 100_000, first: 0, rest: 0, end: "fine", halfWay: false };
        const last = Array.from({ length: 10 }, (): Call => ({ ...well, after: 1 }));
        const { sent } = await play([...calls, well, ...last], probes);
        expect(sent.slice(-11).every(({ until }) => until < Infinity)).toBe(true);
        expect(sent.at(-11)!.from).toBeGreaterThan((sent.at(-12)?.from ?? -Infinity) + 50_000);
      },
    ),
    { numRuns: 60 },
  );
});
