import type { Fault } from "./fault.ts";
import { bounds } from "./groups/bounds.ts";
import { cancel } from "./groups/cancel.ts";
import { connection } from "./groups/connection.ts";
import { hangs } from "./groups/hang.ts";
import { malformed } from "./groups/malformed.ts";
import { retries } from "./groups/retry.ts";
import { secrets } from "./groups/secrets.ts";
import { serverSentEvents } from "./groups/sse.ts";
import { tools } from "./groups/tools.ts";
import { truncation } from "./groups/truncation.ts";

/** Every fault, in the order in which they are shown. */
export const allFaults: readonly Fault[] = [
  ...connection,
  ...truncation,
  ...hangs,
  ...cancel,
  ...bounds,
  ...retries,
  ...malformed,
  ...serverSentEvents,
  ...tools,
  ...secrets,
];

/** What stands before the stroke of its id. */
export function groupOf({ id }: Pick<Fault, "id">): string {
  return id.slice(0, id.indexOf("/"));
}
