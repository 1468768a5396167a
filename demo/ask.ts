import { ModelError } from "plugboard";
import type { Attempt, Model, ModelResult, NanoDollars } from "plugboard";
import { solve } from "./feature.ts";
import type { Participant, Task, World } from "./world.ts";

/** A question asked and answered, with all that the acts count. */
export interface Asked {
  readonly task: Task;
  /** Whose answer it was. */
  readonly by: Participant;
  readonly right: number;
  /** Whether it was the typed object asked for; else the text was judged as it came. */
  readonly typed: boolean;
  readonly cost: NanoDollars;
  /** Milliseconds, in the models' own time. */
  readonly latency: number;
  readonly cached: boolean;
}

/**
 * Asks the feature one question.
 *
 * @throws {ModelError} when there is no answer at all, or one without a price
 */
export async function ask(world: World, model: Model, task: Task): Promise<Asked> {
  const began = performance.now();
  const { answer, result, attempts, cost } = await solution(world, model, task);
  const latency = (performance.now() - began) * world.speedUp;
  const by = participantOf(world, attempts.at(-1)) ?? world.participants[0]!;
  if (!cost) {
    throw new ModelError(`The answer of ${by.name} to ${task.id} has no price.`, { code: "unknown" });
  }
  const right = world.right(task, by, answer);
  const cached = result?.cached === true;
  return { task, by, right, typed: answer !== undefined, cost: cost.total, latency, cached };
}

interface Answered extends Pick<ModelError, "cost"> {
  readonly answer: string | undefined;
  readonly result: ModelResult | undefined;
  readonly attempts: readonly Attempt[];
}

/** What is answered; an answer that is not the object asked for was given and paid for all the same. */
async function solution(world: World, model: Model, task: Task): Promise<Answered> {
  try {
    const { object, result } = await solve(model, task, world.longestAnswer);
    return { answer: object.answer, result, attempts: result.attempts ?? [], cost: result.cost };
  } catch (error) {
    if (!(error instanceof ModelError) || error.code !== "parse" || !error.partial) throw error;
    return { answer: undefined, result: error.partial, attempts: error.attempts ?? [], cost: error.cost };
  }
}

function participantOf({ participants, standby }: World, attempt: Attempt | undefined): Participant | undefined {
  return [...participants, standby].find(
    ({ model }) => model.provider === attempt?.provider && model.id === attempt.model,
  );
}

/** Asks many, so many at once, and tells how far it is. */
export async function askAll(
  world: World,
  model: Model,
  tasks: readonly Task[],
  progress: (done: number) => void = () => {},
): Promise<Asked[]> {
  const answers: Asked[] = [];
  const left = tasks.entries();
  const asker = async (): Promise<void> => {
    for (const [place, task] of left) {
      answers[place] = await ask(world, model, task);
      progress(answers.filter(Boolean).length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(world.width, tasks.length) }, asker));
  return answers;
}
