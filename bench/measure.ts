/** Microseconds a round, of one subject. */
export interface Timing {
  readonly cpu: Spread;
  readonly wall: Spread;
}

export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

/** Something to be timed: does its work so many times. */
export interface Timed {
  readonly name: string;
  readonly run: (times: number) => Promise<void>;
}

/** How long and how often: a round is a run of every subject in turn, so that all see the same machine. */
export interface Pace {
  readonly rounds: number;
  /** Milliseconds of CPU that one run should take. */
  readonly span: number;
}

/** Times subjects in turn, round after round. Microseconds for one time of each. */
export async function measure(subjects: readonly Timed[], { rounds, span }: Pace): Promise<Map<string, Timing>> {
  const times = new Map<string, number>();
  for (const { name, run } of subjects) times.set(name, await timesFor(run, span));

  const samples = new Map<string, { cpu: number[]; wall: number[] }>();
  for (const { name } of subjects) samples.set(name, { cpu: [], wall: [] });
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of subjects) {
      const count = times.get(name)!;
      const [cpuBefore, wallBefore] = [process.cpuUsage(), performance.now()];
      await run(count);
      const { user, system } = process.cpuUsage(cpuBefore);
      const { cpu, wall } = samples.get(name)!;
      cpu.push((user + system) / count);
      wall.push(((performance.now() - wallBefore) * 1000) / count);
    }
  }
  return new Map([...samples].map(([name, { cpu, wall }]) => [name, { cpu: spread(cpu), wall: spread(wall) }]));
}

/** How often fits in the span, once the code is warm. By CPU: on a busy machine time passes in which nothing gets warm. */
async function timesFor(run: Timed["run"], span: number): Promise<number> {
  let times = 1;
  for (;;) {
    const before = process.cpuUsage();
    await run(times);
    const { user, system } = process.cpuUsage(before);
    const took = (user + system) / 1000;
    if (took >= span / 2) return Math.max(1, Math.round((times * span) / took));
    times = Math.max(times * 2, Math.ceil((times * span) / Math.max(took, 1) / 2));
  }
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { least: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]!, most: sorted.at(-1)! };
}
