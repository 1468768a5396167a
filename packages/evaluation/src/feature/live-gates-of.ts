import type { Gate } from "../parity/gate.ts";
import { settleGates } from "../parity/gate.ts";
import type { Feature } from "./feature.ts";

/** The gates of a feature's checks that traffic can be judged by: means of what is known of an answer without an expected one. */
export async function gatesOf(feature: Feature): Promise<Readonly<Record<string, Gate>>> {
  const gates = (await feature.checks())?.gates ?? {};
  if (Object.keys(gates).length === 0) return gates;
  const fit = settleGates(gates).filter(({ subject, quantile, where }) => {
    return "measure" in subject && quantile === undefined && Object.keys(where).length === 0;
  });
  return Object.fromEntries(fit.map(({ name }) => [name, gates[name]!]));
}
