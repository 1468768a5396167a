import { checks } from "../act.ts";
import type { Shown, Stage } from "../act.ts";
import { askAll } from "../ask.ts";
import type { Asked } from "../ask.ts";
import { dollars, mean, median, percent, seconds, sum } from "../figures.ts";
import type { Participant } from "../world.ts";

export interface Comparison extends Shown {
  /** Every answer of every model. */
  readonly answers: ReadonlyMap<Participant, readonly Asked[]>;
}

/** Kinds of questions that have room on a screen. */
const mostColumns = 5;

/** The same code answered by each of the models. */
export async function showComparison({ world, page }: Stage): Promise<Comparison> {
  const { participants, tasks, origins } = world;
  const { failures, expect } = checks("compare");
  const answers = new Map<Participant, readonly Asked[]>();
  const kinds = [...new Set(tasks.map(({ kind }) => kind))];

  page.heading("1  The same code, answered by each model");
  for (const participant of participants) {
    const asked = await askAll(world, participant.model, tasks, (done) =>
      page.progress(`  ${participant.name}: ${done} of ${tasks.length} answers`),
    );
    answers.set(participant, asked);
    expect(asked.length === tasks.length, `${participant.name} answered ${asked.length} of ${tasks.length}`);
    expect(
      asked.every(({ by }) => by === participant),
      `some answers are not ${participant.name}'s`,
    );
    for (const kind of kinds) {
      const wanted = world.expectedRight?.(participant, kind);
      const right = sum(asked.filter(({ task }) => task.kind === kind).map(({ right }) => right));
      expect(wanted === undefined || wanted === right, `${participant.name}, ${kind}: ${right} right, not ${wanted}`);
    }
  }

  const columns = kinds.slice(0, mostColumns);
  page.table(
    [
      { title: "model" },
      ...columns.map((kind) => ({ title: kind, origin: origins.right, align: "right" as const })),
      { title: "all", origin: origins.right, align: "right" },
      { title: "cost of 1000", origin: origins.cost, align: "right" },
      { title: "median latency", origin: origins.time, align: "right" },
    ],
    Array.from(answers, ([{ name }, asked]) => [
      name,
      ...columns.map((kind) => accuracyOf(asked.filter(({ task }) => task.kind === kind))),
      accuracyOf(asked),
      dollars(1000 * mean(asked.map(({ cost }) => cost)), 3),
      seconds(median(asked.map(({ latency }) => latency))),
    ]),
  );
  if (kinds.length > columns.length) page.line(`  ${kinds.length - columns.length} more kinds are in "all".`);
  const loose = sum(Array.from(answers.values(), (asked) => asked.filter(({ typed }) => !typed).length));
  const all = tasks.length * participants.length;
  page.line(
    `  ${all - loose} of ${all} answers were the typed object asked for${loose > 0 ? `; ${loose} were not, and are judged as they are recorded` : ""}.`,
  );
  return { answers, failures };
}

function accuracyOf(asked: readonly Asked[]): string {
  return percent(mean(asked.map(({ right }) => right)));
}
