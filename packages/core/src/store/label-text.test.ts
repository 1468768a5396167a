import { expect, test } from "vitest";
import * as fc from "fast-check";
import { labelText, readLabels } from "./label-text.ts";

const labels = fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }));

test("reads back the labels that it wrote", () => {
  const entries = (labels: object): readonly string[] => Object.entries(labels).map(String).toSorted();
  fc.assert(
    fc.property(labels, (labels) => {
      expect(entries(readLabels(labelText(labels)))).toEqual(entries(labels));
    }),
  );
});

test("is the same in whatever order the labels come, and another for other labels", () => {
  expect(labelText({ a: "1", b: "2" })).toBe(labelText({ b: "2", a: "1" }));
  expect(labelText({ a: "1,b=2" })).not.toBe(labelText({ a: "1", b: "2" }));
  expect(labelText(undefined)).toBe(labelText({}));
});
