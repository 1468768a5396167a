import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptedAs } from "@plugboard/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { exact } from "../scorers/exact.ts";
import { defineFeature } from "./define-feature.ts";
import { readEvidence } from "./evidence-file.ts";
import { featureCanary } from "./feature-canary.ts";
import { featureShadow } from "./feature-shadow.ts";
import { migrate } from "./migrate.ts";
import { migrationStatus } from "./migration-status.ts";

let directory: string;
let evidence: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "live-migration-"));
  evidence = join(directory, "shout.migration.json");
});
afterEach(() => rm(directory, { recursive: true }));

/** Says back what it is told, in capitals; the young one needs another prompt, and breaks where it is told so. */
function shouting(breaks: { now: boolean } = { now: false }) {
  const old = scriptedAs({ provider: "p", id: "old" }, ({ messages }) => shout(messages, "Shout: "));
  const young = scriptedAs({ provider: "p", id: "young" }, ({ messages }) =>
    breaks.now ? { error: "server" } : shout(messages, "Louder: "),
  );
  const feature = defineFeature({
    name: "shout",
    input: z.object({ word: z.string() }),
    output: z.object({ word: z.string() }),
    prompt: ({ word }) => `Shout: ${word}`,
    models: { old, young: { model: young, prompt: ({ word }: { word: string }) => `Louder: ${word}` } },
    checks: {
      dataset: Array.from({ length: 200 }, (_, place) => ({
        input: { word: `w${place}` },
        expected: { word: `W${place}` },
      })),
      scorers: [exact()],
      gates: { quality: { score: "exact", margin: 0.05 }, form: { measure: "malformed", margin: 0.05 } },
    },
  });
  return { feature, old, young, breaks };
}

function shout(messages: unknown, prompt: string): string {
  const word = new RegExp(`${prompt}(\\w+)`).exec(JSON.stringify(messages))?.[1];
  return word === undefined ? "What?" : JSON.stringify({ word: word.toUpperCase() });
}

const of = (user: string) => ({ tags: { user } });

describe("a migration", () => {
  test("goes from parity to shadow to canary, and its one file has it all", async () => {
    const { feature, young, breaks } = shouting();
    expect((await migrate(feature, { to: "young", evidence })).verdict).toBe("pass");

    const shadowed = await featureShadow(feature, { to: "young", evidence, share: 1, concurrency: 1000 });
    for (let user = 0; user < 80; user++) {
      const { output, model } = await shadowed.run({ word: "hey" }, of(`user ${user}`));
      expect([output.word, model]).toEqual(["HEY", "old"]);
    }
    await shadowed.shadow.drained();
    await shadowed.saved();
    expect(young.requests.at(-1)!.messages.at(-1)!.content).toBe("Louder: hey");
    expect(shadowed.shadow.state).toMatchObject({ pairs: 80, gates: [{ name: "form" }] });

    const first = await featureCanary(feature, { to: "young", evidence, steps: [0.5], advance: "by-hand" });
    const answered = new Set<string>();
    for (let user = 0; user < 40; user++) answered.add((await first.run({ word: "hey" }, of(`user ${user}`))).model);
    expect(answered).toEqual(new Set(["old", "young"]));
    await first.saved();

    // Another process goes on where this one was.
    const gates = { errors: { measure: "errors", margin: 0.02 } } as const;
    const again = { to: "young", evidence, steps: [0.5], gates } as const;
    const second = await featureCanary(feature, { ...again, advance: "by-hand" });
    expect(second.split.state.since).toBe(first.split.state.since);
    breaks.now = true;
    for (let user = 0; user < 400 && second.split.isRunning; user++) {
      const { output, model } = await second.run({ word: "hey" }, of(`user ${user}`));
      expect([output.word, model]).toEqual(["HEY", "old"]);
    }
    await second.saved();
    expect(second.split.state).toMatchObject({ status: "rolled-back", share: 0 });

    const kept = (await readEvidence(evidence))!;
    expect(kept.steps.map(({ type, verdict }) => [type, verdict])).toEqual([
      ["parity", "pass"],
      ["shadow", expect.any(String)],
      ["canary", "fail"],
    ]);
    const status = await migrationStatus(feature, kept);
    expect(status).toMatchObject({ isShown: false, stale: undefined });
    expect(status.next).toBe("The traffic was taken back: Gate errors is shown to be missed.");
  });

  test("keeps its order: no shadow before parity, no canary before a shadow, but by force", async () => {
    const { feature } = shouting();
    const options = { to: "young", evidence, share: 1 } as const;
    await expect(featureShadow(feature, options)).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining("no parity is shown"),
    });
    await migrate(feature, { to: "young", evidence });
    const canary = { to: "young", evidence, steps: [0.1] } as const;
    await expect(featureCanary(feature, canary)).rejects.toThrow("no shadow has followed parity");
    expect((await featureCanary(feature, { ...canary, force: true })).split.state.share).toBe(0.1);
  });

  test("does not go on with what was shown of another prompt", async () => {
    const { feature, old, young } = shouting();
    await migrate(feature, { to: "young", evidence });
    const other = defineFeature({
      name: "shout",
      input: z.object({ word: z.string() }),
      output: z.object({ word: z.string() }),
      prompt: ({ word }) => `Shout: ${word}!`,
      models: { old, young },
    });
    const gates = { errors: { measure: "errors", margin: 0.1 } } as const;
    await expect(featureShadow(other, { to: "young", evidence, share: 1, gates })).rejects.toThrow(
      "no parity is shown",
    );
  });

  test("with a candidate that fails keeps the traffic unharmed, and the shadow says so", async () => {
    const { feature, breaks } = shouting();
    breaks.now = true;
    const gates = { errors: { measure: "errors", margin: 0.1 } } as const;
    const shadowed = await featureShadow(feature, { to: "young", share: 1, concurrency: 1000, gates });
    for (let user = 0; user < 60; user++) await shadowed.run({ word: "hey" }, of(`user ${user}`));
    await shadowed.shadow.drained();
    expect(shadowed.shadow.state.gates[0]!.verdict).toBe("fail");
  });

  test("counts what nobody's model is to blame for against none", async () => {
    const { feature } = shouting();
    const gates = { errors: { measure: "errors", margin: 0.1 } } as const;
    const live = await featureCanary(feature, { to: "young", steps: [0.5], gates });
    await expect(live.run({ word: 7 } as never, of("ada"))).rejects.toMatchObject({ code: "invalid-request" });
    expect(live.split.state.calls).toEqual({ baseline: 0, candidate: 0 });
    await live.saved();
    await expect(readFile(evidence)).rejects.toThrow("ENOENT");
  });

  test("of a feature without gates for traffic asks for some", async () => {
    const { old, young } = shouting();
    const bare = defineFeature({ name: "bare", input: z.string(), prompt: (word) => word, models: { old, young } });
    await expect(featureCanary(bare, { to: "young", steps: [0.5] })).rejects.toThrow(/gate/);
  });
});
