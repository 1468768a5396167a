import type { Fault, Mode } from "./fault.ts";
import type { Protocol } from "./protocols/protocol.ts";
import { runFault } from "./run-fault.ts";
import type { Verdict } from "./run-fault.ts";

/** One fault done to one protocol in one mode. */
export interface Run {
  readonly fault: Fault;
  readonly protocol: Protocol;
  readonly mode: Mode;
}

/** Everything that these faults are done to. */
export function runsOf(faults: readonly Fault[], protocols: readonly Protocol[]): Run[] {
  return faults.flatMap((fault) =>
    protocols
      .filter(({ name }) => fault.protocols?.includes(name) ?? true)
      .flatMap((protocol) => (fault.modes ?? ["stream"]).map((mode) => ({ fault, protocol, mode }))),
  );
}

/** Does them, so many at once, and gives what became of each. */
export async function runAll(runs: readonly Run[], atOnce: number): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const left = runs.values();
  async function work(): Promise<void> {
    for (const { fault, protocol, mode } of left) verdicts.push(await runFault(fault, protocol, mode));
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return verdicts;
}
