import { shuffled } from "./chance.ts";
import { contestants } from "./contestants.ts";
import { readRecorded } from "./read-recorded.ts";
import type { Recorded, RecordedQuestion } from "./read-recorded.ts";
import { simulatedProviders } from "./simulated-providers.ts";
import { UsageError } from "./usage-error.ts";
import type { World } from "./world.ts";

export interface RecordedWorldOptions {
  /** Questions of each kind that are asked at most; a hash decides which. @default all */
  readonly perKind?: number;
  /** How many times faster than the models it goes. @default 20 */
  readonly speedUp?: number;
}

/**
 * Real answers of the three models to real benchmark questions, replayed over the providers' wire formats and judged by their recorded
 * scores.
 *
 * @throws {UsageError} when the folder holds nothing of the kind
 */
export async function recordedWorld(
  folder: string,
  { perKind = Infinity, speedUp = 20 }: RecordedWorldOptions = {},
): Promise<World> {
  const names = contestants.map(({ recordedAs }) => recordedAs);
  const read = await readRecorded(folder, names);
  if (read.questions.length === 0) {
    throw new UsageError(
      `No record in ${folder} has answers of all of these with output and score: ${names.join(", ")}.`,
    );
  }
  const kinds = Map.groupBy(read.questions, ({ kind }) => kind);
  const sample = Array.from(kinds.values(), (some) => shuffled(some, ({ prompt }) => prompt).slice(0, perKind)).flat();
  const byQuestion = new Map(sample.map((question) => [question.prompt, question]));
  const saidOf = (question: string, name: string): RecordedQuestion["said"][string] =>
    byQuestion.get(question)!.said[name]!;

  const tasks = sample.map(({ id, kind, prompt }) => ({ id, kind, question: prompt }));
  const providers = await simulatedProviders({
    tasks,
    speedUp,
    say: ({ recordedAs }, { question }) => {
      const said = saidOf(question, recordedAs);
      return { text: said.output, tokens: tokensOf(said) };
    },
  });
  const { contestantOf } = providers;
  const counts = Array.from(kinds, ([kind, some]) => `${Math.min(perKind, some.length)} of ${some.length} ${kind}`);
  return {
    ...providers,
    title: `${tasks.length} recorded questions, recorded answers of three models`,
    notes: [
      `Asked: ${counts.join(", ")} (${read.files} files; left out: ${read.incomplete} without a scored answer of each model, ${read.repeated} repeated, ${read.broken} broken).`,
      "The models' recorded words go over OpenAI's, Together's and Ollama's wire formats from this machine, through the same adapters.",
      "recorded: what was said, and its score. Long answers are cut in the records; such a text is no whole JSON, and its score stands.",
      "estimated: tokens, from characters / 4, and so cost, at the models' real prices.",
      `simulated: times, from each model's known first token and speed, at ${speedUp} times their pace.`,
    ],
    origins: { right: "recorded", cost: "estimated", time: "simulated" },
    tasks,
    longestAnswer: sample
      .flatMap(({ said }) => Object.values(said))
      .reduce((most, said) => Math.max(most, tokensOf(said), byLength(said)), 1),
    width: 32,
    race: 40,
    right: ({ question }, participant) => saidOf(question, contestantOf(participant).recordedAs).score,
    expectedRight: (participant, kind) =>
      sample
        .filter((question) => question.kind === kind)
        .reduce((sum, { said }) => sum + said[contestantOf(participant).recordedAs]!.score, 0),
    said: (participant, { question }) => saidOf(question, contestantOf(participant).recordedAs).output,
  };
}

function tokensOf({ output, outputTokens }: Recorded): number {
  return outputTokens ?? byLength({ output });
}

/** As the simulator counts what it says. */
function byLength({ output }: Pick<Recorded, "output">): number {
  return Math.ceil(output.length / 4);
}
