import { lowest } from "./lowest.ts";
import type { Policy } from "./policy.ts";

/**
 * The one with the fewest answers under way, for its weight; among equals, in turn.
 *
 * @example
 * const model = balance([berlin, paris], { by: leastInFlight() });
 */
export function leastInFlight(): Policy {
  return lowest(({ inFlight, weight }) => inFlight / weight);
}
