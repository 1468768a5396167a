import { answerFeatures } from "../quality/answer-features.ts";
import type { AnswerFeatures } from "../quality/answer-features.ts";
import { fitQuality } from "../quality/fit-quality.ts";
import { logOdds, logistic, logisticProbability } from "../quality/logistic.ts";
import type { LogisticWeights } from "../quality/logistic.ts";
import type { RecordedItem, Recording } from "../quality/recorded-item.ts";
import { trainedQuality } from "../quality/trained-quality.ts";
import { costsOf } from "./policy.ts";
import type { Expectation, Learned, Outlook, Policy, QualityPolicyOptions } from "./policy.ts";

/** How many turns a not yet given answer is thought to take. */
const turnsTold = 9;
/** How {@link cascadePolicy} learns and asks. */
export interface CascadePolicyOptions extends Pick<QualityPolicyOptions, "task"> {
  /** How many models may be asked for one item. Each more doubles what is learned. @default 3 */
  readonly mostAsked?: number;
}

/**
 * Goes by a quality model, and by what answers show: how long they are, whether they hedge, whether their JSON can be read, and above all
 * whether two models agree. It asks a cheaper model first where that is worth it, and another where the answer is not to be trusted.
 */
export function cascadePolicy({ task = "task", mostAsked = 3 }: CascadePolicyOptions = {}): Policy {
  return {
    name: "quality model with cascade",
    learn: (training) => ({ ...new CascadeLearning(training, task, mostAsked).learned(), mostAsked }),
  };
}

/** What one item's answers look like, and what is expected of each model. */
interface Known {
  readonly quality: readonly number[];
  readonly answers: readonly (AnswerFeatures | undefined)[];
}

class CascadeLearning {
  readonly #training: Recording;
  readonly #task: string;
  readonly #mostAsked: number;
  readonly #known: readonly Known[];
  readonly #predict: (item: RecordedItem) => readonly number[];
  readonly #fits = new Map<string, LogisticWeights>();
  readonly #moves = new Map<string, readonly (readonly number[])[]>();

  constructor(training: Recording, task: string, mostAsked: number) {
    const { file, expected } = fitQuality(training, { task, now: 0 });
    const quality = trainedQuality(file);
    this.#training = training;
    this.#task = task;
    this.#mostAsked = mostAsked;
    this.#predict = ({ text, segments }) => quality.predict({ text, segments }).map((each) => each.quality);
    const size = training.models.length;
    this.#known = training.items.map((item, place) =>
      // What was expected by what had not seen the item, as it will be of new ones.
      this.#knownOf(item, Array.from(expected.subarray(place * size, (place + 1) * size))),
    );
  }

  learned(): Learned {
    const cost = costsOf(this.#training, this.#task);
    const knownOf = new WeakMap<RecordedItem, Known>();
    const known = (item: RecordedItem): Known => {
      let found = knownOf.get(item);
      if (!found) knownOf.set(item, (found = this.#knownOf(item, this.#predict(item))));
      return found;
    };
    return {
      expect: (item): Expectation => ({ quality: known(item).quality, cost: cost(item) }),
      look: (item, asked): Outlook => this.#look(known(item), asked),
    };
  }

  #knownOf({ results }: RecordedItem, quality: readonly number[]): Known {
    return {
      quality,
      answers: this.#training.models.map((model) => {
        const result = results.get(model);
        return result?.output === undefined ? undefined : answerFeatures(result.output, result.outputTokens);
      }),
    };
  }

  #look(known: Known, asked: readonly number[]): Outlook {
    const models = this.#training.models;
    const quality = models.map((_, model) => this.#expected(known, model, asked));
    const odds = quality.map(logOdds);
    const turns = models.map((_, model) =>
      asked.includes(model) || asked.length >= this.#mostAsked
        ? []
        : this.#movesOf(model, asked).map((moves) =>
            moves.map((move, other) => 1 / (1 + Math.exp(-(odds[other]! + move)))),
          ),
    );
    return { quality, turns };
  }

  #expected(known: Known, model: number, asked: readonly number[]): number {
    if (asked.length === 0) return known.quality[model]!;
    return logisticProbability(this.#fit(model, asked), figuresOf(known, model, asked));
  }

  /** What to expect of a model's score, once these answers are there. */
  #fit(model: number, asked: readonly number[]): LogisticWeights {
    const key = `${model}|${asked.join()}`;
    let fit = this.#fits.get(key);
    if (!fit) {
      const name = this.#training.models[model]!;
      const rows = this.#known.map((known) => figuresOf(known, model, asked));
      const targets = this.#training.items.map(({ results }) => results.get(name)!.score);
      fit = logistic(rows, targets);
      this.#fits.set(key, fit);
    }
    return fit;
  }

  /** How far what is expected of all models moves, in log odds, when one more has answered: the means of equally many cases each. */
  #movesOf(model: number, asked: readonly number[]): readonly (readonly number[])[] {
    const key = `${model}|${asked.join()}`;
    let moves = this.#moves.get(key);
    if (!moves) {
      const after = [...asked, model].toSorted((left, right) => left - right);
      const all = this.#known.map((known) =>
        known.quality.map(
          (_, other) => logOdds(this.#expected(known, other, after)) - logOdds(this.#expected(known, other, asked)),
        ),
      );
      all.sort((left, right) => left[model]! - right[model]!);
      moves = Array.from({ length: turnsTold }, (_, turn) => {
        const group = all.slice(
          Math.floor((turn * all.length) / turnsTold),
          Math.floor(((turn + 1) * all.length) / turnsTold),
        );
        return group[0]!.map((_move, other) => group.reduce((sum, each) => sum + each[other]!, 0) / group.length);
      });
      this.#moves.set(key, moves);
    }
    return moves;
  }
}

/** What is expected of all, what the answers look like, and which of them agree. */
function figuresOf({ quality, answers }: Known, model: number, asked: readonly number[]): number[] {
  const own = logOdds(quality[model]!);
  const figures = [own];
  for (const other of asked) {
    if (other !== model) figures.push(logOdds(quality[other]!));
    const answer = answers[other];
    if (answer) figures.push(...answer.figures);
    figures.push(answer?.result === undefined ? 1 : 0);
  }
  let agreements = 0;
  for (const [place, one] of asked.entries())
    for (const other of asked.slice(place + 1)) {
      const result = answers[one]?.result;
      const agrees = result !== undefined && result === answers[other]?.result ? 1 : 0;
      agreements += agrees;
      // Two that agree on what is easy are right; on what is hard, they may have fallen into the same trap.
      figures.push(agrees, agrees * own);
    }
  if (asked.length > 2) figures.push(agreements > 0 ? 1 : 0);
  return figures;
}
