import fc from "fast-check";
import { expect, test } from "vitest";
import { Allowance } from "./allowance.ts";

test("gives one extra call for twenty", () => {
  const allowance = new Allowance(0.05);
  const given: number[] = [];
  for (let call = 1; call <= 60; call++) {
    allowance.earn();
    if (allowance.spend()) given.push(call);
  }
  expect(given).toEqual([20, 40, 60]);
});

test("whenever it is asked: never more than its share of all calls, and no more than ten at once", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(fc.nat(40), { maxLength: 60 }),
      (share, bursts) => {
        const allowance = new Allowance(share);
        let calls = 0;
        let extra = 0;
        for (const burst of bursts) {
          for (let call = 0; call < burst; call++) {
            allowance.earn();
            calls++;
          }
          let now = 0;
          while (now <= 10 && allowance.spend()) now++;
          extra += now;
          expect(now).toBeLessThanOrEqual(10);
          expect(extra).toBeLessThanOrEqual(calls * share + 1e-6);
        }
      },
    ),
  );
});
