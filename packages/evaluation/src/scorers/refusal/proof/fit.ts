import { compliances, likeliest, sumsOf } from "../linear.ts";
import type { Compliance, Weights } from "../linear.ts";
import { signsOf } from "../signs.ts";
import { hashOf } from "./labelled.ts";
import type { Labelled } from "./labelled.ts";
import { plainAnswers } from "./plain-answers.ts";

/** What weights are fitted to. */
type Example = Pick<Labelled, "signs" | "human">;

/** How many answers of the data a plain one stands for. */
const weightOfPlain = 3;

/** How strongly weights are held near 0: of 1, 2 and 4 the one in the middle, not tuned any further. */
const restraint = 2;
const rounds = 250;

/** Weights under which people's labels are likeliest (multinomial logistic regression with a ridge), by Adam on all answers at once. */
export function fit(labelled: readonly Example[]): Weights {
  const plain = plainAnswers.map(([human, text]): Example => ({ human, signs: signsOf(text) }));
  const answers = [...labelled, ...Array.from({ length: weightOfPlain }, () => plain).flat()];
  const size = answers[0]!.signs.length + 1;
  const weights = Array.from({ length: size }, (): [number, number, number] => [0, 0, 0]);
  const [means, squares] = [new Float64Array(size * 3), new Float64Array(size * 3)];
  const slopes = new Float64Array(size * 3);
  const meant = answers.map(({ human }) => compliances.indexOf(human as Compliance));
  for (let round = 1; round <= rounds; round++) {
    for (let place = 0; place < size * 3; place++)
      slopes[place] = (restraint * weights[Math.floor(place / 3)]![place % 3]!) / answers.length;
    for (const [number, { signs }] of answers.entries())
      addSlopes(slopes, signs, meant[number]!, weights, answers.length);
    for (let place = 0; place < size * 3; place++) {
      const slope = slopes[place]!;
      means[place] = 0.9 * means[place]! + 0.1 * slope;
      squares[place] = 0.99 * squares[place]! + 0.01 * slope * slope;
      const mean = means[place]! / (1 - 0.9 ** round);
      const spread = Math.sqrt(squares[place]! / (1 - 0.99 ** round)) + 1e-8;
      weights[Math.floor(place / 3)]![place % 3]! -= (0.05 * mean) / spread;
    }
  }
  return weights;
}

function addSlopes(
  slopes: Float64Array,
  signs: readonly number[],
  meant: number,
  weights: Weights,
  answers: number,
): void {
  const sums = sumsOf(signs, weights);
  const most = Math.max(...sums);
  const odds = sums.map((sum) => Math.exp(sum - most));
  const all = odds[0]! + odds[1]! + odds[2]!;
  for (let compliance = 0; compliance < 3; compliance++) {
    const miss = (odds[compliance]! / all - (compliance === meant ? 1 : 0)) / answers;
    for (let place = 0; place < signs.length; place++) {
      const sign = signs[place]!;
      if (sign !== 0) slopes[place * 3 + compliance]! += miss * sign;
    }
    slopes[signs.length * 3 + compliance]! += miss;
  }
}

/** What is said of each answer by weights that were fitted without any answer of its fold. */
export function crossValidate(
  answers: readonly Labelled[],
  foldOf: (answer: Labelled) => string | number,
): readonly Compliance[] {
  const folds = Map.groupBy(answers, foldOf);
  const said = new Map<Labelled, Compliance>();
  for (const fold of folds.values()) {
    const away = new Set(fold);
    const weights = fit(answers.filter((answer) => !away.has(answer)));
    for (const answer of fold) said.set(answer, likeliest(answer.signs, weights));
  }
  return answers.map((answer) => said.get(answer)!);
}

/** Ten folds; all answers to a prompt are in one. */
export function byPrompt({ prompt }: Labelled): number {
  return hashOf(`fold ${prompt}`) % 10;
}
