import { expect, test } from "vitest";
import type { ProviderSample } from "../provider-sample.ts";
import { mutationFaults } from "./mutation-faults.ts";
import type { MutationOptions } from "./mutation-faults.ts";
import type { CreateProvider } from "./sample-faults.ts";

/**
 * Judges an adapter by spoiled answers: bits turned over, bytes lost and repeated, samples spliced, JSON with wrong types and huge
 * numbers. Each must become a `ModelError` or an answer, in time; never a crash, a hang or a text that no event said.
 *
 * @example
 * testMutations("parrot", ({ fetch, model }) => parrot(model, { fetch }), samples, { count: 1000 });
 */
export function testMutations(
  name: string,
  create: CreateProvider,
  samples: readonly ProviderSample[],
  options: MutationOptions = {},
): void {
  const { count = 200, timeout = 2000 } = options;
  const title = `${name}: ${count} spoiled answers give an answer or a ModelError`;
  test(title, { timeout: 60_000 + count * 10 + timeout }, async ({ annotate }) => {
    const { faults, answers, errors } = await mutationFaults(create, samples, options);
    await annotate(`${answers} answers, ${errors} errors`);
    expect(faults, `\n${faults.slice(0, 8).join("\n")}\n`).toHaveLength(0);
    expect(answers).toBeGreaterThan(0);
    expect(errors).toBeGreaterThan(0);
  });
}
