import { scriptedAs } from "@plugboard/testing";
import { expect, test } from "vitest";
import { measured, ones } from "../parity/measured.samples.ts";
import { exact } from "../scorers/exact.ts";
import { parityMatchers } from "./parity-matchers.ts";

expect.extend(parityMatchers);

const gates = { quality: { score: "exact", margin: 0.03 } } as const;

test("holds for measurements that pass, and not for those that fail", () => {
  expect(measured("b", ones(400))).toHaveParityWith(measured("a", ones(400)), { gates });
  expect(measured("b", ones(300, 100))).not.toHaveParityWith(measured("a", ones(400)), { gates });
});

test("says gate by gate why it does not hold", () => {
  const claim = (): void => expect(measured("b", ones(300, 100))).toHaveParityWith(measured("a", ones(400)), { gates });
  expect(claim).toThrow(
    /expected parity, but it is fail: candidate in place of baseline, by 400 items\n {2}fail +quality: exact −25\.0 points \(/,
  );
});

test("of what is undecided, neither holds nor is its opposite shown", () => {
  const few = measured("b", ones(20));
  expect(() => expect(few).toHaveParityWith(measured("a", ones(20)), { gates })).toThrow(/more items would decide/);
  expect(() => expect(few).not.toHaveParityWith(measured("a", ones(20)), { gates })).toThrow(
    /expected no parity, .*undecided/,
  );
});

test("asks models, if it is given models", async () => {
  const dataset = Array.from({ length: 120 }, (_, place) => ({ prompt: `What is ${place}?`, expected: `${place}` }));
  const answering = (id: string, wrong: number): ReturnType<typeof scriptedAs> =>
    scriptedAs({ provider: "school", id }, ({ messages }) => {
      const place = Number(/\d+/.exec(JSON.stringify(messages.at(-1)))?.[0]);
      return place < wrong ? "no idea" : `${place}`;
    });
  const options = { dataset, scorers: [exact()], gates };
  await expect(answering("small", 0)).toHaveParityWith(answering("large", 0), options);
  await expect(answering("small", 60)).not.toHaveParityWith(answering("large", 0), options);
  await expect(expect(answering("small", 60)).toHaveParityWith(answering("small", 0), options)).rejects.toThrow(
    /fail: school\/small \(candidate\) in place of school\/small \(baseline\)/,
  );
});

test("refuses what is neither", () => {
  expect(() => expect("small").toHaveParityWith([], { gates })).toThrow(/two models, or two lists/);
  const mixed = [...measured("a", ones(2)), ...measured("b", ones(2))];
  expect(() => expect(mixed).toHaveParityWith(measured("a", ones(2)), { gates })).toThrow(
    /of one model; there are a and b/,
  );
});
