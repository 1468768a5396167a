import { expect, test } from "vitest";
import * as fc from "fast-check";
import { Circuit } from "./circuit.ts";
import type { Pass } from "./circuit.ts";

const step = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ does: "enter" } as const) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("answer" as const), which: fc.nat(50) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constantFrom("fail" as const, "fail" as const, "succeed" as const, "leave" as const),
      which: fc.nat(50),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("shut" as const), time: fc.nat(5000) }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant("wait" as const), time: fc.constantFrom(1, 500, 2500, 5000, 20_000) }),
  },
);

test("never has more probes under way than it may, sends nothing while it is open, and never stays shut", () => {
  let halfOpen = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), fc.integer({ min: 1, max: 3 }), (steps, probes) => {
      const terms = { ratio: 0.5, calls: 3, window: 30_000, open: 5000, maxOpen: 60_000, probes, random: () => 1 };
      const circuit = new Circuit(terms);
      const wrong: string[] = [];
      let now = 0;
      const live: Pass[] = [];
      // What an onlooker knows: until when nothing may be sent at least, and which probes are under way.
      let quietUntil = 0;
      let probing: Pass[] = [];
      const closed = (change: string | undefined): void => {
        if (change === "closed") probing = [];
        if (change === "opened") {
          probing = [];
          quietUntil = now + terms.open;
        }
      };
      for (const one of steps) {
        if (one.does === "wait") now += one.time;
        else if (one.does === "shut") circuit.shutDoor(now, one.time);
        else if (one.does === "enter") {
          closed(circuit.review(now));
          const pass = circuit.enter(now);
          if ("refused" in pass) {
            if (pass.retryAfter <= 0) wrong.push("refused without a time");
            continue;
          }
          live.push(pass);
          if (now < quietUntil) wrong.push(`sent at ${now}, before ${quietUntil}`);
          if (!pass.isProbe) continue;
          halfOpen++;
          probing.push(pass);
          if (probing.length > probes) wrong.push(`${probing.length} probes of ${probes} at ${now}`);
        } else if (live.length > 0) {
          const pass = live[one.which % live.length]!;
          if (one.does === "answer") pass.answered ??= now;
          else {
            live.splice(live.indexOf(pass), 1);
            probing = probing.filter((other) => other !== pass);
            if (one.does === "leave") circuit.leave(pass);
            else closed(circuit[one.does](pass, now));
          }
        }
      }
      expect(wrong).toEqual([]);
      for (const pass of live) circuit.leave(pass);
      now += 100_000;
      const pass = circuit.enter(now);
      expect(pass).not.toHaveProperty("refused");
      circuit.succeed(pass as Pass, now);
      for (let call = 0; call < 10; call++) expect(circuit.enter(now)).toMatchObject({ isProbe: false });
    }),
    { numRuns: 500 },
  );
  expect(halfOpen).toBeGreaterThan(100);
});
