import type { Trace } from "./traces.ts";

/** One request of the day. */
export interface DayRequest {
  /** Milliseconds from midnight. */
  readonly t: number;
  readonly trace: string;
  readonly tenant: string;
  /** Equal questions are equal texts. */
  readonly question: string;
  readonly input: number;
  readonly output: number;
  /** What it begins with, in blocks of 512 tokens. */
  readonly blocks: readonly string[];
  readonly stream: boolean;
}

/** Of the questions of one trace, as many are asked again and again: the share, and of how many, the commonest most often. */
export const common = { trace: 0, share: 0.15, questions: 400 } as const;
const tenants = 8;
const hour = 3_600_000;
/** The longest stretch, in the busiest hours. */
const longest = hour / 12;

/** How busy each hour is, from midnight on: quiet nights, a rush before noon and one after. */
const busy = [2, 1, 1, 1, 1, 2, 3, 5, 7, 9, 10, 10, 8, 9, 10, 10, 9, 8, 6, 5, 4, 4, 3, 3];

/**
 * Puts a day together of traces that are shorter than it: in each hour a stretch of each of them, at the pace at which it came, begun at
 * a place that chance decides and as long as the hour is busy. What came twice in a trace comes twice here.
 *
 * @param share - how much of the day is played, from 0 to 1
 */
export function dayOf(traces: readonly Trace[], random: () => number, share: number): DayRequest[] {
  const day: DayRequest[] = [];
  /** Whose conversation it is, by what it begins with after what all begin with. */
  const owners = new Map<string, string>();
  busy.forEach((weight, at) => {
    traces.forEach(({ name, records }, place) => {
      const whole = records.at(-1)!.t;
      const length = Math.min(whole, longest) * (weight / 10) * share;
      const begin = random() * (whole - length);
      const shift = at * hour + random() * (hour - length);
      for (const { t, in: input, out, h } of records) {
        if (t < begin || t >= begin + length) continue;
        const own = { t: shift + t - begin, trace: name, stream: random() < 0.5 };
        if (place === common.trace && random() < common.share) {
          day.push({ ...own, tenant: tenantOf(random()), ...commonQuestion(random()) });
          continue;
        }
        // A stretch that is played in another hour is another one: the same text does not come back.
        const blocks = h ? h.map((block) => `${at}.${block}`) : [`${name} ${at} ${t} ${day.length}`];
        const conversation = blocks[1] ?? blocks[0]!;
        const tenant = owners.get(conversation) ?? tenantOf(random());
        owners.set(conversation, tenant);
        day.push({ ...own, tenant, input, output: out, blocks, question: `${name} ${blocks.join(" ")} ${input}` });
      }
    });
  });
  return day.toSorted((one, other) => one.t - other.t);
}

/** The first have most of the traffic. */
function tenantOf(chance: number): string {
  return `tenant ${Math.floor(tenants * chance ** 2)}`;
}

/** The n-th is asked about 1/n as often as the first. */
function commonQuestion(chance: number): Pick<DayRequest, "question" | "input" | "output" | "blocks"> {
  const rank = Math.floor(common.questions ** chance);
  return {
    question: `common ${rank}`,
    input: 200 + 37 * (rank % 20),
    output: 60 + 11 * (rank % 30),
    blocks: [`common ${rank}`],
  };
}
