import type { Fault, TransportName } from "./fault.ts";
import type { Protocol } from "./protocols/protocol.ts";
import { runFault } from "./run-fault.ts";
import type { Run, Verdict } from "./run-fault.ts";

/** Everything that these faults are done to. */
export function runsOf(faults: readonly Fault[], protocols: readonly Protocol[], transport: TransportName): Run[] {
  return faults.flatMap((fault) =>
    protocols
      .filter(({ name }) => fault.protocols?.includes(name) ?? true)
      .flatMap((protocol) => (fault.modes ?? ["stream"]).map((mode) => ({ fault, protocol, mode, transport }))),
  );
}

/** Does them, so many at once, and gives what became of each. */
export async function runAll(runs: readonly Run[], atOnce: number): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const left = runs.values();
  async function work(): Promise<void> {
    for (const run of left) verdicts.push(await runFault(run));
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return verdicts;
}
