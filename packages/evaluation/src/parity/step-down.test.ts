import { holm } from "@plugboard/statistics";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stepDown } from "./step-down.ts";

test("rejects just what Holm's adjusted p-values say", () => {
  const pValues = fc.array(
    fc.oneof(fc.double({ min: 0, max: 0.06, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    {
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(pValues, fc.double({ min: 0.001, max: 0.2, noNaN: true }), (pValues, level) => {
      const adjusted = holm(pValues);
      fc.pre(adjusted.every((pValue) => Math.abs(pValue - level) > 1e-9));
      const rejected = stepDown(
        pValues.map((pValue) => (confidence) => pValue <= 1 - confidence),
        1 - level,
      );
      expect([...rejected].toSorted((left, right) => left - right)).toEqual(
        adjusted.flatMap((pValue, place) => (pValue <= level ? [place] : [])),
      );
    }),
  );
});
