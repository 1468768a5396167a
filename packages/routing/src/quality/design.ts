import { surfaceNames, textFeatures } from "./text-features.ts";
import type { TextFeatures } from "./text-features.ts";

/** How features become the numbers that are weighed: what has to be kept to read a new text as those that were learned from. */
export interface Scaling {
  readonly bits: number;
  /** Of each bucket, how rare it is: the logarithm of 1 by its share of texts. 0 for those seen once or never: they say nothing about others. */
  readonly rarity: Float32Array;
  readonly surfaceMean: Float64Array;
  readonly surfaceDeviation: Float64Array;
}

/** One text as numbers: the weights of its buckets, of length 1 together, and its standardised surface. */
export interface Row {
  readonly buckets: Uint32Array;
  readonly weights: Float32Array;
  readonly surface: Float64Array;
}

/** Learns the scaling of a set of texts. */
export function scalingOf(features: readonly TextFeatures[], bits: number): Scaling {
  const rarity = new Float32Array(1 << bits);
  for (const { buckets } of features) for (const bucket of buckets) rarity[bucket]!++;
  for (let bucket = 0; bucket < rarity.length; bucket++) {
    const texts = rarity[bucket]!;
    rarity[bucket] = texts < 2 ? 0 : Math.log(features.length / texts);
  }

  const count = Math.max(features.length, 1);
  const surfaceMean = new Float64Array(surfaceNames.length);
  const surfaceDeviation = new Float64Array(surfaceNames.length);
  for (const { surface } of features)
    for (let place = 0; place < surface.length; place++) surfaceMean[place]! += surface[place]! / count;
  for (const { surface } of features)
    for (let place = 0; place < surface.length; place++)
      surfaceDeviation[place]! += (surface[place]! - surfaceMean[place]!) ** 2 / count;
  for (let place = 0; place < surfaceDeviation.length; place++)
    surfaceDeviation[place] = Math.sqrt(surfaceDeviation[place]!);
  return { bits, rarity, surfaceMean, surfaceDeviation };
}

/** Reads a text by a scaling. Far outliers of the surface are drawn in, to 4 deviations. */
export function rowOf({ buckets, counts, surface }: TextFeatures, scaling: Scaling): Row {
  const weights = new Float32Array(buckets.length);
  let squares = 0;
  for (let place = 0; place < buckets.length; place++) {
    const weight = scaling.rarity[buckets[place]!]! * (1 + Math.log(counts[place]!));
    weights[place] = weight;
    squares += weight * weight;
  }
  const length = Math.sqrt(squares) || 1;
  for (let place = 0; place < weights.length; place++) weights[place]! /= length;

  const standard = new Float64Array(surface.length);
  for (let place = 0; place < surface.length; place++) {
    const deviation = scaling.surfaceDeviation[place]!;
    if (deviation <= 1e-9) continue;
    standard[place] = Math.min(4, Math.max(-4, (surface[place]! - scaling.surfaceMean[place]!) / deviation));
  }
  return { buckets, weights, surface: standard };
}

/** Reads a text that was not learned from. */
export function readText(text: string, scaling: Scaling): Row {
  return rowOf(textFeatures(text, scaling.bits), scaling);
}
