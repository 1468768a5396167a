import { expect, test } from "vitest";
import * as fc from "fast-check";
import { SlidingLog } from "./sliding-log.ts";

test("never counts less than was taken within the window, nor a thousandth of the window longer than it should", () => {
  const window = 3000;
  const step = fc.record({ wait: fc.constantFrom(0, 0, 1, 1, 2, 3, 5), amount: fc.nat(5), refund: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 3000, maxLength: 5000 }), (steps) => {
      const log = new SlidingLog(window);
      const taken: { at: number; left: number }[] = [];
      const within = (span: number, now: number): number =>
        taken.reduce((sum, { at, left }) => (at > now - span ? sum + left : sum), 0);
      let now = 0;
      let wrong = "";
      for (const [place, { wait, amount, refund }] of steps.entries()) {
        now += wait;
        log.add({ cost: amount }, now);
        taken.push({ at: now, left: amount });
        const given = taken.at(-refund);
        if (refund > 0 && given) {
          log.remove({ cost: given.left }, given.at);
          given.left = 0;
        }
        if (place % 50 > 0) continue;
        const used = log.used(now);
        if (used < within(window, now)) wrong = `${used} at ${now} are too few`;
        if (used > within(window * (1 + 1 / 1000), now)) wrong = `${used} at ${now} are too many`;
        const half = Math.floor(used / 2);
        const later = now + log.until(half, now);
        if (within(window, later) > half) wrong = `half of ${used} do not count at ${later}`;
      }
      expect(wrong).toBe("");
    }),
    { numRuns: 10, endOnFailure: true },
  );
});
