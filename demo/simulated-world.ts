import { accuracySource, contestants } from "./contestants.ts";
import type { Contestant } from "./contestants.ts";
import { chanceOf, shuffled } from "./chance.ts";
import { questions as allQuestions } from "./questions.ts";
import type { Kind, Question } from "./questions.ts";
import { simulatedProviders } from "./simulated-providers.ts";
import type { Saying } from "./simulated-providers.ts";
import type { World } from "./world.ts";

export interface SimulatedWorldOptions {
  /** @default all that the demo brings */
  readonly questions?: readonly Question[];
  /** How many times faster than the models it goes. @default 20 */
  readonly speedUp?: number;
}

/**
 * Three simulated providers that are right as often, as fast and as dear as the models are known to be. Which questions a model gets
 * right is settled by a hash, so every run has the same answers.
 */
export async function simulatedWorld({
  questions = allQuestions,
  speedUp = 20,
}: SimulatedWorldOptions = {}): Promise<World> {
  const tasks = questions.map(({ id, kind, text }) => ({ id, kind, question: text }));
  const byId = new Map(questions.map((question) => [question.id, question]));
  const known = new Map(contestants.map((contestant) => [contestant, knownAnswers(contestant, questions)]));
  const sayings = new Map<string, Saying>();

  function say(contestant: Contestant, task: { readonly id: string }): Saying {
    const key = `${contestant.id} ${task.id}`;
    let saying = sayings.get(key);
    if (!saying) {
      const question = byId.get(task.id)!;
      saying = { text: textOf(contestant, question, known.get(contestant)!.has(question.id)) };
      sayings.set(key, saying);
    }
    return saying;
  }

  const providers = await simulatedProviders({ tasks, say, speedUp });
  const { contestantOf } = providers;
  return {
    ...providers,
    title: `${tasks.length} questions, three simulated models`,
    notes: [
      "No real model is asked: three simulated providers answer on this machine, over OpenAI's, Together's and Ollama's wire formats,",
      "through the same adapters, as the models are known to (accuracy, first token, speed, length of answers, price).",
      `Accuracy and length: ${accuracySource}.`,
      ...contestants.map(
        ({ name, firstToken, tokensPerSecond, price, sources }) =>
          `${name}: ${firstToken / 1000} s and ${tokensPerSecond} tokens/s (${sources.speed}); $${price.input}/$${price.output} a million tokens (${sources.price}).`,
      ),
      `It runs ${speedUp} times as fast as the models would; times are told in the models' own time. A token is counted for four characters.`,
    ],
    origins: { right: "simulated", cost: "simulated", time: "simulated" },
    tasks,
    longestAnswer: 1200,
    width: 8,
    race: 40,
    right: (task, _, answer) => Number(answer !== undefined && answer.trim() === byId.get(task.id)!.answer),
    expectedRight: (participant, kind) =>
      rightOf(contestantOf(participant), kind as Kind, tasks.filter((task) => task.kind === kind).length),
    said: (participant, task) => say(contestantOf(participant), task).text,
  };
}

/** The whole number of questions that comes nearest to a model's known accuracy. */
function rightOf({ accuracy }: Contestant, kind: Kind, of: number): number {
  return Math.round(accuracy[kind] * of);
}

/** The questions that a model gets right. */
function knownAnswers(contestant: Contestant, questions: readonly Question[]): ReadonlySet<string> {
  const kinds = Map.groupBy(questions, ({ kind }) => kind);
  const right = Array.from(kinds, ([kind, asked]) =>
    shuffled(asked, ({ id }) => `${contestant.id} ${id}`).slice(0, rightOf(contestant, kind, asked.length)),
  );
  return new Set(right.flat().map(({ id }) => id));
}

/** What a model says: JSON of about the length it is known for. */
function textOf({ id, answerTokens }: Contestant, question: Question, right: boolean): string {
  const answer = right ? question.answer : wrongAnswer(question, chanceOf(`wrong ${id} ${question.id}`));
  const length = answerTokens[question.kind] * 4 * (0.75 + 0.5 * chanceOf(`length ${id} ${question.id}`));
  const frame = JSON.stringify({ reasoning: "", answer }).length;
  return JSON.stringify({ reasoning: working(question, answer, Math.round(length) - frame), answer });
}

const steps = [
  "First the numbers that are given, and what is asked for.",
  "Then the steps one after the other, with what each of them leaves.",
  "The order matters here, so nothing is taken before its turn.",
  "A second look at the borders: the first and the last case count too.",
  "The sum so far agrees with a rough guess.",
  "What is left over is put aside and added at the end.",
];

function working({ text }: Question, answer: string, length: number): string {
  const end = `So the result is ${answer}.`;
  let words = `The question: ${text.replaceAll("\n", " ").replaceAll('"', "'")}`;
  for (let step = 0; words.length + end.length < length; step++) words += ` ${steps[step % steps.length]!}`;
  return `${words.slice(0, Math.max(20, length - end.length - 1))} ${end}`;
}

/** Near the truth, as wrong answers are. */
function wrongAnswer({ answer }: Question, chance: number): string {
  const number = Number(answer);
  const near = [number + 1, number - 1, number + 2, number * 2, number + 10].filter(
    (value) => value !== number && value >= 0,
  );
  return String(near[Math.floor(chance * near.length)]!);
}
