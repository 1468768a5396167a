import { hashedShare } from "../hashed-share.ts";
import { seededRandom } from "../random.ts";
import type { Bounds } from "../interval.ts";
import { ClusterTotals } from "./cluster-totals.ts";
import { runningDifference } from "./running-difference.ts";

/** Traffic of users of whom few make most of the calls, some fail much more often than others, and each is in one arm. */
export interface Traffic {
  readonly users: number;
  readonly calls: number;
  /** Of users, in the candidate's arm. */
  readonly share: number;
  /** How often calls fail, over all users. */
  readonly rate: number;
  /** How much more often the candidate's do. */
  readonly worse: number;
  /** Of users, those that fail five times as often as `rate`. */
  readonly troubled: number;
}

/** Nothing is asked before each arm has heard from as many. */
const fewest = 20;
const bounds: Bounds = [0, 1];

/** At which call it was said that the candidate is worse by more than the margin, looked at after every tenth; undefined if never. */
export function alarmAt(traffic: Traffic, margin: number, seed: number): number | undefined {
  const { users, calls, share, rate, worse, troubled } = traffic;
  const random = seededRandom(seed);
  const ends: number[] = [];
  for (let user = 0, end = 0; user < users; user++) ends.push((end += 1 / (user + 1)));
  const others = (rate * (1 - 5 * troubled)) / (1 - troubled);
  const rates = ends.map(() => (random() < troubled ? 5 * rate : others));
  const [before, after] = [new ClusterTotals(), new ClusterTotals()];
  for (let call = 1; call <= calls; call++) {
    const place = random() * ends.at(-1)!;
    let user = 0;
    for (let step = 2 ** 20; step >= 1; step /= 2) if (ends[user + step - 1]! < place) user += step;
    const isMoved = hashedShare(`${seed} ${user}`) < share;
    const chance = rates[user]! + (isMoved ? worse : 0);
    (isMoved ? after : before).add(user, random() < chance ? 1 : 0);
    if (call % 10 > 0 || before.clusters < fewest || after.clusters < fewest) continue;
    if (runningDifference(before, after, { bounds, confidence: 0.9 })!.lower > margin) return call;
  }
  return undefined;
}
