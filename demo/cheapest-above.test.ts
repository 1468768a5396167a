import { scriptedAs } from "@plugboard/testing";
import { expect, test } from "vitest";
import { cheapestAbove } from "./cheapest-above.ts";
import type { Floor, Measured } from "./cheapest-above.ts";

const best = scriptedAs({ id: "best" }, "best");
const middle = scriptedAs({ id: "middle" }, "middle");
const small = scriptedAs({ id: "small" }, "small");

function measured(kind: string, ...accuracies: readonly number[]): Measured[] {
  return [best, middle, small].map((model, place) => ({
    model,
    kind,
    accuracy: accuracies[place]!,
    cost: 100 / 10 ** place,
  }));
}

async function picked(floor: Floor, kind: string): Promise<string> {
  const model = cheapestAbove(floor, [...measured("easy", 0.95, 0.92, 0.91), ...measured("hard", 0.5, 0.3, 0.48)]);
  return (await model.generate({ messages: [{ role: "user", content: "?" }], tags: { kind } })).model;
}

test("picks the cheapest above the floor, kind by kind", async () => {
  expect(await picked({ floor: 0.9 }, "easy")).toBe("small");
  expect(await picked({ floor: 0.92 }, "easy")).toBe("middle");
});

test("picks the best where none is above the floor, or a cheaper one within the margin of it", async () => {
  expect(await picked({ floor: 0.9, margin: 0 }, "hard")).toBe("best");
  expect(await picked({ floor: 0.9, margin: 0.03 }, "hard")).toBe("small");
});

test("asks the first for a kind that it does not know", async () => {
  expect(await picked({ floor: 0.1 }, "unheard of")).toBe("best");
});

test("has a fingerprint of its own for every choice, so that no cache mixes them up", () => {
  const models = [0.9, 0.92].map((floor) => cheapestAbove({ floor }, measured("easy", 0.95, 0.92, 0.91)));
  expect(models[0]!.fingerprint).not.toBe(models[1]!.fingerprint);
});
