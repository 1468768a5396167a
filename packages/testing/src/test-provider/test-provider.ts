import { describe, expect, test } from "vitest";
import type { ProviderSample } from "../provider-sample.ts";
import { sampleFaults } from "./sample-faults.ts";
import type { CreateProvider, TestProviderOptions } from "./sample-faults.ts";
import { testFeatures } from "./test-features.ts";
import { suits, transportCases } from "./transport-cases.ts";
import type { TransportCase } from "./transport-cases.ts";

/**
 * Judges an adapter: a vitest suite with one test for each sample, and the failures that every wire has.
 *
 * Each sample is delivered whole, in single bytes, in random chunks, with other line ends, comments and blank lines, cut and broken off;
 * the answer must not depend on it, and one that was cut must not claim success. What fails is named: the rule, what was expected, and
 * the delivery.
 *
 * @example
 * testProvider("parrot", ({ fetch, model }) => parrot(model, { fetch }), samples);
 */
export function testProvider(
  name: string,
  create: CreateProvider,
  samples: readonly ProviderSample[],
  options: TestProviderOptions = {},
): void {
  suite(name, create, samples, options, transportCases);
  if (options.features) testFeatures(name, create, options.features, samples);
}

/** The suite with some of the cases that every wire has. */
export function suite(
  name: string,
  create: CreateProvider,
  samples: readonly ProviderSample[],
  options: TestProviderOptions,
  cases: readonly TransportCase[],
): void {
  describe(name, () => {
    if (samples.length === 0) test("answers samples; skipped: there are none", { skip: true }, () => {});

    for (const sample of samples) {
      test(sample.name, { timeout: (options.timeout ?? 10_000) + 1000 }, async () => {
        report(await sampleFaults(create, sample, options));
      });
    }

    for (const { name, mode, faults } of cases) {
      const sample = samples.find((sample) => sample.mode === mode && suits(sample));
      const title = sample ? name : `${name}; skipped: no sample is a plain answer by ${mode}`;
      test(title, { skip: !sample }, async () => report(await faults(create, sample!)));
    }
  });
}

/** Fails with what was found, a line each. */
function report(faults: readonly string[]): void {
  const more = faults.length > 8 ? `\n… and ${faults.length - 8} more` : "";
  expect(faults, `\n${faults.slice(0, 8).join("\n")}${more}\n`).toHaveLength(0);
}
