import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allFaults } from "./all-faults.ts";
import type { Protocol } from "./protocols/protocol.ts";
import { runsOf } from "./run-all.ts";
import { runFault } from "./run-fault.ts";
import { watchOutput } from "./watch-output.ts";
import type { OutputWatch } from "./watch-output.ts";

/** Every fault as a test. They wait more than they work, so they run side by side. */
export function testFaults(protocol: Protocol): void {
  let output: OutputWatch;
  beforeAll(() => {
    output = watchOutput();
  });
  afterAll(async () => {
    expect(await output.stop()).toEqual([]);
  });

  describe.concurrent(`faults of ${protocol.name}`, () => {
    test.for(runsOf(allFaults, [protocol], "node"))("$fault.id ($mode)", async (run) => {
      expect((await runFault(run)).problems).toEqual([]);
    });
  });
}
