import type { CallOptions, ModelKey, ModelRequest, PriceLookup } from "@plugboard/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leastInFlight } from "./least-in-flight.ts";
import { lowestCost } from "./lowest-cost.ts";
import { lowestLatency } from "./lowest-latency.ts";
import type { Candidate, Policy } from "./policy.ts";
import { sticky } from "./sticky.ts";
import { weighted } from "./weighted.ts";

function candidate(id: string, parts: Partial<Candidate> & { readonly took?: number } = {}): Candidate {
  const key: ModelKey = { provider: "script", id };
  return { key, name: id, leaves: [key], weight: 1, inFlight: 0, latency: () => parts.took, ...parts };
}

const none: CallOptions = {};
const chosen = (policy: Policy, candidates: readonly Candidate[], calls: number, request = none): string[] => {
  const choose = policy();
  return Array.from({ length: calls }, () => choose(candidates, request).key.id);
};
const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });

describe("weighted", () => {
  test("goes on in turn, evenly", () => {
    expect(chosen(weighted(), [candidate("a"), candidate("b")], 4)).toEqual(["a", "b", "a", "b"]);
    const five = [candidate("a", { weight: 5 }), candidate("b"), candidate("c")];
    expect(chosen(weighted(), five, 7).join("")).toBe("aabacaa");
  });

  test("gives each exactly its share in as many calls as all weights are", () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 3 }), (all, rounds) => {
        const candidates = all.map((weight, place) => candidate(String(place), { weight }));
        const total = all.reduce((sum, weight) => sum + weight, 0);
        const ids = chosen(weighted(), candidates, total * rounds);
        const counts = all.map((_, place) => ids.filter((id) => id === String(place)).length);
        expect(counts).toEqual(all.map((weight) => weight * rounds));
      }),
    );
  });
});

describe("leastInFlight", () => {
  test("chooses the one with the fewest for its weight, and takes turns among equals", () => {
    const [a, b] = [candidate("a", { inFlight: 2 }), candidate("b", { inFlight: 1 })];
    expect(chosen(leastInFlight(), [a, b], 2)).toEqual(["b", "b"]);
    const large = candidate("c", { inFlight: 2, weight: 4 });
    expect(chosen(leastInFlight(), [a, b, large], 1)).toEqual(["c"]);
    expect(chosen(leastInFlight(), [candidate("a"), candidate("b")], 4)).toEqual(["a", "b", "a", "b"]);
  });
});

describe("lowestCost", () => {
  // Nano-dollars a token: one is cheap to ask, the other cheap to answer.
  const prices: Readonly<Record<string, readonly [input: number, output: number]>> = { a: [1, 10], b: [5, 2] };
  const price: PriceLookup = ({ input = 0, output = 0 }, { id }) => {
    const known = prices[id];
    return known ? { cost: { total: input * known[0] + output * known[1] } } : { missing: ["model"] };
  };
  const both = [candidate("unknown"), candidate("a"), candidate("b")];
  const asking = (characters: number, maxOutputTokens?: number): ModelRequest => ({
    messages: [{ role: "user", content: "x".repeat(characters) }],
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  });

  test("chooses by the length of the question and of the answer", () => {
    expect(chosen(lowestCost(price), both, 1, asking(100))).toEqual(["b"]); // 25 and 500 tokens: 5,025 and 1,125
    expect(chosen(lowestCost(price), both, 1, asking(8000))).toEqual(["a"]); // 2000 and 500: 7,000 and 11,000
    expect(chosen(lowestCost(price), both, 1, asking(8000, 10))).toEqual(["a"]);
    expect(chosen(lowestCost(price, { output: 1 }), both, 1, asking(100))).toEqual(["a"]);
  });

  test("chooses one whose price is not known last, and takes the dearest of those it stands in front of", () => {
    expect(chosen(lowestCost(price), [candidate("unknown"), candidate("b")], 2, asking(1))).toEqual(["b", "b"]);
    expect(chosen(lowestCost(price), [candidate("unknown")], 1, asking(1))).toEqual(["unknown"]);
    const either = candidate("row", { leaves: [both[1]!.key, both[2]!.key] });
    expect(chosen(lowestCost(price), [either, candidate("b")], 1, asking(1))).toEqual(["b"]);
  });

  test("compares what is no chat request by its input", () => {
    expect(chosen(lowestCost(price), both, 1)).toEqual(["a"]);
  });
});

describe("lowestLatency", () => {
  const draw = (...numbers: number[]) => ({ random: () => numbers.shift() ?? 0 });

  test("draws two, and chooses the one with less to wait for", () => {
    const [a, b] = [candidate("a", { took: 100 }), candidate("b", { took: 30 })];
    const c = candidate("c", { took: 1 });
    expect(chosen(lowestLatency(draw(0, 0)), [a, b, c], 1)).toEqual(["b"]); // a and b
    expect(chosen(lowestLatency(draw(0, 0.6)), [a, b, c], 1)).toEqual(["c"]); // a and c
    const busy = candidate("b", { took: 30, inFlight: 3 });
    expect(chosen(lowestLatency(draw(0, 0)), [a, busy], 1)).toEqual(["a"]);
    expect(chosen(lowestLatency(draw(0, 0)), [a, { ...busy, weight: 2 }], 1)).toEqual(["b"]);
  });

  test("tries one that has never answered, one call at a time", () => {
    const known = candidate("a", { took: 1, inFlight: 50 });
    expect(chosen(lowestLatency(draw(0, 0)), [known, candidate("b")], 1)).toEqual(["b"]);
    expect(chosen(lowestLatency(draw(0, 0)), [known, candidate("b", { inFlight: 1 })], 1)).toEqual(["a"]);
  });

  test("never chooses the worst, unless it is alone", () => {
    const load = fc.record({ took: fc.integer({ min: 1, max: 1000 }), inFlight: fc.nat(10) });
    fc.assert(
      fc.property(
        fc.array(load, { minLength: 2, maxLength: 6 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (loads, numbers) => {
          const candidates = loads.map((parts, place) => candidate(String(place), parts));
          const random = () => Number(numbers.next().value);
          const [id] = chosen(lowestLatency({ random }), candidates, 1);
          const figures = loads.map(({ took, inFlight }) => took * (inFlight + 1));
          const worse = figures.filter((figure) => figure >= figures[Number(id)]!).length;
          expect(worse).toBeGreaterThanOrEqual(2); // itself, and another one
        },
      ),
    );
  });
});

describe("sticky", () => {
  const by = sticky(({ tags }) => tags?.["conversation"]);
  const of = (conversation: string): CallOptions => ({ tags: { conversation } });
  const keys = Array.from({ length: 2000 }, (_, place) => `conversation-${place}`);
  const homes = (candidates: readonly Candidate[]): Map<string, string> =>
    new Map(keys.map((key) => [key, by()(candidates, of(key)).key.id]));

  test("sends calls of one key to one model, whatever the order, and the others in turn", () => {
    const [a, b, c] = [candidate("a"), candidate("b"), candidate("c")];
    expect(homes([a, b, c])).toEqual(homes([c, a, b]));
    expect(chosen(by, [a, b, c], 3)).toEqual(["a", "b", "c"]);
  });

  test("moves only the keys of the one that is left out", () => {
    const all = ["a", "b", "c", "d"].map((id) => candidate(id));
    const before = homes(all);
    for (const left of all) {
      const after = homes(all.filter((one) => one !== left));
      const moved = keys.filter((key) => before.get(key) !== after.get(key));
      expect(moved).toEqual(keys.filter((key) => before.get(key) === left.key.id));
    }
  });

  test("gives each about its share of the keys", () => {
    const ids = [...homes([candidate("a", { weight: 3 }), candidate("b"), candidate("c")]).values()];
    const counts = ["a", "b", "c"].map((id) => ids.filter((one) => one === id).length);
    // Of 2000: 1200, 400 and 400, give or take five standard deviations.
    expect(Math.abs(counts[0]! - 1200)).toBeLessThan(110);
    expect(Math.abs(counts[1]! - 400)).toBeLessThan(90);
    expect(Math.abs(counts[2]! - 400)).toBeLessThan(90);
  });
});
