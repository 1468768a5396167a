import { describe, expect, test } from "vitest";
import type { ProviderFeatures } from "../provider-features.ts";
import type { ProviderSample } from "../provider-sample.ts";
import { citationFaults, countingFaults, featureFaults } from "./feature-faults.ts";
import { featureProbes } from "./feature-probes.ts";
import type { CreateProvider } from "./sample-faults.ts";

/**
 * Holds an adapter to what it declares, by what it would send: what is declared stands in the body, what is not gives a warning or is
 * refused. `testProvider` does so too where it is given `features`; this is for a dialect that has no samples.
 *
 * @example
 * testFeatures("parrot", ({ fetch, model }) => parrot(model, { fetch }), parrotFeatures);
 */
export function testFeatures(
  name: string,
  create: CreateProvider,
  features: ProviderFeatures,
  samples: readonly ProviderSample[] = [],
): void {
  describe(`${name} has the features that it declares`, () => {
    for (const probe of featureProbes(features)) {
      test(probe.name, async () => report(await featureFaults(create, features, probe)));
    }
    test("tokenCounting", () => report(countingFaults(create, features)));
    const hasSamples = samples.length > 0 && (!features.citations || samples.some(isCiting));
    test(hasSamples ? "citations" : "citations; skipped: no sample can show them", { skip: !hasSamples }, async () =>
      report((await citationFaults(create, features, samples)) ?? []),
    );
  });
}

function isCiting({ exercises }: ProviderSample): boolean {
  return exercises.includes("citations");
}

function report(faults: readonly string[]): void {
  expect(faults, `\n${faults.join("\n")}\n`).toHaveLength(0);
}
