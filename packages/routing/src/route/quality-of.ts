import type { ModelKey, ModelRequest } from "@plugboard/core";
import type { QualityEstimate, QualityModel } from "../quality/quality-model.ts";
import { checkNumber } from "../check-number.ts";
import { lastWords } from "../last-words.ts";
import { refused } from "../refused.ts";

/** What is known of the quality of models: learned from measurements, or one figure a model from 0 to 1, by name or by `provider/id`. */
export type QualitySource = QualityModel | Readonly<Record<string, number>>;

/** Gives what is expected of each model, in their order; nothing of one that is not known. */
export type Predict = (request: ModelRequest) => readonly (QualityEstimate | undefined)[];

/** How a request is shown to a quality model. */
export interface QualityView {
  /** The words that quality is predicted from. @default the text of the last user message */
  readonly text?: (request: ModelRequest) => string;
  /** What group the request belongs to, by name of the grouping. @default the tags of the request */
  readonly segments?: (request: ModelRequest) => Readonly<Record<string, string>> | undefined;
}

/** A model by the names under which something may be known of it. */
export interface NamedModel {
  readonly name: string;
  readonly key: ModelKey;
}

/**
 * Reads what is known of the quality of models.
 *
 * @throws {ModelError} `invalid-request` for a figure that is none, or where nothing is known of any model
 */
export function predictor(
  source: QualitySource | undefined,
  models: readonly NamedModel[],
  { text = lastWords, segments = ({ tags }) => tags }: QualityView,
): Predict {
  const unknown = models.map(() => undefined);
  if (!source) return () => unknown;
  if (isLearned(source)) {
    const places = models.map((model) => placeIn(source.models, model));
    if (places.every((place) => place === -1)) throw nothingKnown(source.models, models);
    return (request) => {
      const groups = segments(request);
      const estimates = source.predict({ text: text(request), ...(groups && { segments: groups }) });
      return places.map((place) => estimates[place]);
    };
  }
  const names = Object.keys(source);
  for (const name of names) checkNumber(`quality[${JSON.stringify(name)}]`, source[name]!, 0, 1);
  const estimates = models.map((model) => {
    const known = names[placeIn(names, model)];
    if (known === undefined) return undefined;
    const quality = source[known]!;
    return { model: known, quality, low: quality, high: quality };
  });
  if (names.length > 0 && estimates.every((estimate) => !estimate)) throw nothingKnown(names, models);
  return () => estimates;
}

function isLearned(source: QualitySource): source is QualityModel {
  return typeof source["predict"] === "function";
}

function placeIn(names: readonly string[], { name, key: { provider, id, catalogId } }: NamedModel): number {
  for (const wanted of [name, `${provider}/${id}`, `${provider}/${catalogId}`, id, catalogId]) {
    const place = wanted === undefined ? -1 : names.indexOf(wanted);
    if (place !== -1) return place;
  }
  return -1;
}

function nothingKnown(names: readonly string[], models: readonly NamedModel[]): Error {
  const asked = models.map(({ name }) => name).join(", ");
  return refused(
    `\`quality\` knows ${names.join(", ")}, and none of the models ${asked}; give them these names with \`name\`.`,
  );
}
