import type { Measurement } from "@plugboard/core";
import { conformalRiskControl, meanInterval, seededRandom } from "@plugboard/statistics";
import { refused } from "../refused.ts";
import { answerFeatures } from "./answer-features.ts";
import { logOdds, logistic, logisticProbability } from "./logistic.ts";
import type { QualityModel } from "./quality-model.ts";
import { gathered, recordedItems } from "./recorded-item.ts";
import type { RecordedItem, RecordingOptions } from "./recorded-item.ts";

/** How an acceptor is trained. */
export interface AcceptorOptions extends RecordingOptions {
  /** The model whose answers are judged, as in the measurements. */
  readonly model: string;
  /** What may be lost of the score of an item, on average, by accepting answers that are not right: 0.05. */
  readonly risk: number;
  /**
   * - `expected`: conformal risk control; the loss stays below the risk on average over trainings
   * - `confident`: the upper 95 % bound of the loss stays below it
   *
   * @default "confident"
   */
  readonly kind?: "expected" | "confident";
  /** What is expected of the model before it is asked: an answer to what is mostly answered right is trusted more readily. @default nothing */
  readonly quality?: QualityModel;
}

/** What was learned of which answers can be trusted. It is what the `scored` rule of a cascade takes. */
export interface TrainedAcceptor {
  /** The score that an answer is expected to have, from 0 to 1. Synchronous, and without a network. */
  score(question: string, answer: string): number;
  /** Answers with at least this score are accepted. Above 1 if none can be. */
  readonly threshold: number;
  /** What was seen on the items by which the threshold was set. */
  readonly seen: AcceptorFigures;
  /** What is saved. */
  toJSON(): AcceptorFile;
}

/** What an acceptor came to on items that it had not learned from. */
export interface AcceptorFigures {
  /** How many there were. */
  readonly items: number;
  /** Share of answers that were accepted. */
  readonly accepted: number;
  /** What was lost of the score of an item, on average over all of them. */
  readonly loss: number;
  /** What it is shown or expected not to exceed, by `kind`. */
  readonly bound: number;
}

/** An acceptor as plain JSON. The quality model is saved by itself. */
export interface AcceptorFile {
  readonly format: "plugboard-acceptor";
  readonly version: 1;
  readonly model: string;
  readonly scorer: string;
  readonly risk: number;
  readonly kind: "expected" | "confident";
  /** Whether it was trained with a quality model, and must be read with it. */
  readonly withQuality: boolean;
  readonly weights: readonly number[];
  readonly threshold: number;
  readonly seen: AcceptorFigures;
}

/** From careless to careful. The last accepts nothing. */
const thresholds = [...Array.from({ length: 100 }, (_, step) => step / 100), 0.995, 1.01];

/**
 * Learns from an evaluation which answers of a model can be trusted, by the text alone: how long they are, whether they hedge, refuse, are cut
 * off or are JSON, and what was expected of the model before. On one half of the items it learns, by the other it sets the threshold.
 *
 * The loss of an item is `1 − score` if its answer is accepted, and 0 if it is not. Confident thresholds are tried from the careful end on,
 * and the first that is not shown to keep the risk ends the search (fixed-sequence testing).
 *
 * @throws {ModelError} `invalid-request` for a risk outside 0 to 1, or fewer than 40 items with an answer of the model
 * @example
 * const acceptor = await trainAcceptor(readMeasurements("evaluation.jsonl"), { model: "openai/gpt-4o-mini", risk: 0.03 });
 * const model = cascade([small, large], { accept: scored(acceptor) });
 */
export async function trainAcceptor(
  measurements: Iterable<Measurement> | AsyncIterable<Measurement>,
  { model, risk, kind = "confident", quality, ...options }: AcceptorOptions,
): Promise<TrainedAcceptor> {
  if (!(risk > 0 && risk < 1)) throw refused(`\`risk\` must be between 0 and 1; it is ${String(risk)}.`);
  const { items, scorer } = recordedItems(await gathered(measurements), options);
  const answered = items.filter(({ results }) => results.get(model)?.output !== undefined);
  if (answered.length < 40)
    throw refused(`An acceptor needs 40 items or more with an answer of ${model}; there are ${answered.length}.`);

  const random = seededRandom(1);
  const halves = new Map<string, boolean>();
  const [learned, tried]: [RecordedItem[], RecordedItem[]] = [[], []];
  for (const item of answered) {
    if (!halves.has(item.cluster)) halves.set(item.cluster, random() < 0.5);
    (halves.get(item.cluster) ? learned : tried).push(item);
  }
  const figures = ({ text, segments, results }: RecordedItem): number[] =>
    figuresOf(text, results.get(model)!.output!, quality && expectedOf(quality, model, text, segments));
  const score = ({ results }: RecordedItem): number => results.get(model)!.score;
  const weights = logistic(learned.map(figures), learned.map(score)).map((weight) => Number(weight.toPrecision(6)));
  const probabilities = tried.map((item) => logisticProbability(weights, figures(item)));
  const losses = probabilities.map((probability, place) =>
    thresholds.map((threshold) => (probability >= threshold ? 1 - score(tried[place]!) : 0)),
  );
  const { threshold, bound } = kind === "expected" ? byExpectation(losses, risk) : byConfidence(losses, risk);
  const place = thresholds.indexOf(threshold);
  return acceptorOf(
    {
      format: "plugboard-acceptor",
      version: 1,
      model,
      scorer,
      risk,
      kind,
      withQuality: quality !== undefined,
      weights,
      threshold,
      seen: {
        items: tried.length,
        accepted: probabilities.filter((probability) => probability >= threshold).length / tried.length,
        loss: losses.reduce((sum, row) => sum + row[place]!, 0) / tried.length,
        bound,
      },
    },
    quality,
  );
}

/**
 * The acceptor that a file holds.
 *
 * @param quality - the quality model that it was trained with, if it was
 * @throws {ModelError} `invalid-request` for what is no such file, of a later version, or without the quality model it needs
 */
export function trainedAcceptor(file: unknown, quality?: QualityModel): TrainedAcceptor {
  const named = typeof file === "object" && file !== null ? (file as Partial<AcceptorFile>) : {};
  if (named.format !== "plugboard-acceptor" || !Array.isArray(named.weights) || typeof named.threshold !== "number")
    throw refused(
      'An acceptor is JSON with `format` "plugboard-acceptor", `weights` and a `threshold`; this is something else.',
    );
  if (named.version !== 1)
    throw refused(`This is an acceptor of version ${String(named.version)}; version 1 is accepted.`);
  if (named.withQuality !== (quality !== undefined))
    throw refused(
      `The acceptor was trained ${named.withQuality ? "with" : "without"} a quality model, and must be read so.`,
    );
  return acceptorOf(named as AcceptorFile, quality);
}

function acceptorOf(file: AcceptorFile, quality: QualityModel | undefined): TrainedAcceptor {
  const { model, weights, threshold, seen } = file;
  return {
    score: (question, answer) =>
      logisticProbability(weights, figuresOf(question, answer, quality && expectedOf(quality, model, question))),
    threshold,
    seen,
    toJSON: () => file,
  };
}

function expectedOf(
  quality: QualityModel,
  model: string,
  text: string,
  segments?: Readonly<Record<string, string>>,
): number {
  const estimate = quality.predict({ text, ...(segments && { segments }) }).find((each) => each.model === model);
  if (!estimate) throw refused(`The quality model does not know ${model}; it knows ${quality.models.join(", ")}.`);
  return estimate.quality;
}

function figuresOf(question: string, answer: string, expected: number | undefined): number[] {
  const { figures } = answerFeatures(answer);
  return [...figures, Math.log1p(question.length) - 5, ...(expected === undefined ? [] : [logOdds(expected)])];
}

interface Kept {
  readonly threshold: number;
  readonly bound: number;
}

const none: Kept = { threshold: thresholds.at(-1)!, bound: 0 };

function byExpectation(losses: readonly (readonly number[])[], risk: number): Kept {
  return conformalRiskControl({ thresholds, losses, risk }) ?? none;
}

function byConfidence(losses: readonly (readonly number[])[], risk: number): Kept {
  let kept = none;
  for (let place = thresholds.length - 1; place >= 0; place--) {
    const { upper } = meanInterval(
      losses.map((row) => row[place]!),
      { confidence: 0.9, bounds: [0, 1] }, // each bound by itself holds with 95 %
    );
    if (upper > risk) break;
    kept = { threshold: thresholds[place]!, bound: upper };
  }
  return kept;
}
