import { checks } from "../act.ts";
import type { Shown, Stage } from "../act.ts";
import { askAll } from "../ask.ts";
import type { Asked } from "../ask.ts";
import { shuffled } from "../chance.ts";
import { cheapestAbove } from "../cheapest-above.ts";
import type { Floor, Measured } from "../cheapest-above.ts";
import { mean, percent, sum } from "../figures.ts";
import type { Participant, Task } from "../world.ts";

/** A way to pick models, judged on questions that it was not learned from. */
interface Judged {
  readonly name: string;
  readonly answers: readonly Asked[];
  /** Of what the first model alone costs. */
  readonly saved: number;
}

export interface PolicyShown extends Shown {
  readonly judged: readonly Judged[];
}

/** A strict floor and a lenient one. */
const floors: readonly Floor[] = [{ floor: 0.9 }, { floor: 0.55 }];

/** Picks by cost with a floor of quality: learned on one half of the questions, judged on the other. */
export async function showPolicy(
  { world, page }: Stage,
  answers: ReadonlyMap<Participant, readonly Asked[]>,
): Promise<PolicyShown> {
  const { participants, tasks } = world;
  const { failures, expect } = checks("policy");
  const learning = new Set(firstHalf(tasks));
  const judging = tasks.filter((task) => !learning.has(task));
  const measured = measure(answers, learning);
  const [primary] = participants;
  const always = answers.get(primary!)!.filter(({ task }) => !learning.has(task));
  const full = costOf(always);

  page.heading(`2  A policy that picks by cost with a floor of quality, against always ${primary!.name}`);
  if (judging.length === 0) {
    page.line(`  There are too few questions to learn from some and judge on others.`);
    return { judged: [], failures };
  }
  page.line(`  Learned on ${learning.size} of the questions; everything below is of the ${judging.length} others.`);

  const judged: Judged[] = [{ name: `always ${primary!.name}`, answers: always, saved: 0 }];
  for (const floor of floors) {
    const model = cheapestAbove(floor, measured);
    const name = `floor ${percent(floor.floor)}`;
    const asked = await askAll(world, model, judging, (done) =>
      page.progress(`  ${name}: ${done} of ${judging.length} answers`),
    );
    const saved = 1 - costOf(asked) / full;
    judged.push({ name, answers: asked, saved });

    const picked = Map.groupBy(asked, ({ task }) => task.kind);
    const picks = Array.from(
      picked,
      ([kind, some]) => `${kind} → ${[...new Set(some.map(({ by }) => by.name))].join(" and ")}`,
    );
    page.line(`  ${name}: ${picks.join(", ")}`);
    for (const [kind, some] of picked) {
      expect(new Set(some.map(({ by }) => by)).size === 1, `questions of the kind ${kind} went to several models`);
    }
    const others = asked.some(({ by }) => by !== primary);
    expect(others ? saved > 0 : Math.abs(saved) < 1e-9, `${name} saved ${percent(saved)}`);
  }
  for (const { name, answers: some, saved } of judged) {
    page.line(`  ${name}: ${percent(mean(some.map(({ right }) => right)))} right, ${percent(saved)} saved`);
  }
  return { judged, failures };
}

/** Half of every kind; which, a hash decides. */
function firstHalf(tasks: readonly Task[]): Task[] {
  const kinds = Map.groupBy(tasks, ({ kind }) => kind);
  return Array.from(kinds.values(), (some) =>
    shuffled(some, ({ id }) => `half ${id}`).slice(0, Math.ceil(some.length / 2)),
  ).flat();
}

function measure(answers: ReadonlyMap<Participant, readonly Asked[]>, of: ReadonlySet<Task>): Measured[] {
  return Array.from(answers, ([{ model }, asked]) => {
    const kinds = Map.groupBy(
      asked.filter(({ task }) => of.has(task)),
      ({ task }) => task.kind,
    );
    return Array.from(kinds, ([kind, some]) => ({
      model,
      kind,
      accuracy: mean(some.map(({ right }) => right)),
      cost: mean(some.map(({ cost }) => cost)),
    }));
  }).flat();
}

function costOf(asked: readonly Asked[]): number {
  return sum(asked.map(({ cost }) => cost));
}
