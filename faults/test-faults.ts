import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allFaults, groupOf } from "./all-faults.ts";
import type { TransportName } from "./fault.ts";
import type { Protocol } from "./protocols/protocol.ts";
import { runsOf } from "./run-all.ts";
import { runFault } from "./run-fault.ts";
import { watchOutput } from "./watch-output.ts";
import type { OutputWatch } from "./watch-output.ts";

/** Every fault as a test, or those of some groups. They wait more than they work, so they run side by side. */
export function testFaults(protocol: Protocol, transport: TransportName = "node", groups?: readonly string[]): void {
  const faults = allFaults.filter((fault) => groups?.includes(groupOf(fault)) ?? true);
  let output: OutputWatch;
  beforeAll(() => {
    output = watchOutput();
  });
  afterAll(async () => {
    expect(await output.stop()).toEqual([]);
  });

  describe.concurrent(`faults of ${protocol.name}, over ${transport}`, () => {
    test.for(runsOf(faults, [protocol], transport))("$fault.id ($mode)", async (run) => {
      expect((await runFault(run)).problems).toEqual([]);
    });
  });
}
