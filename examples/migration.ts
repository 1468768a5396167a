// A feature moves to another model: its prompt fails on it, one of its own does, and the evidence says which still counts.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exact, migrate, textReport } from "@plugboard/evaluation";
import { defineFeature, migrationStatus, readEvidence } from "@plugboard/evaluation/feature";
import type { FeatureVariant } from "@plugboard/evaluation/feature";
import { scriptedAs } from "@plugboard/testing";
import type { Model } from "plugboard";
import { z } from "zod";

const subjects = { "The roof is on fire.": "high", "A colour is odd.": "low", "Nobody can log in.": "high" } as const;
const dataset = Array.from({ length: 300 }, (_, place) => {
  const [ticket, urgency] = Object.entries(subjects)[place % 3]!;
  return { id: `ticket-${place}`, input: { ticket: `#${place} ${ticket}` }, expected: { urgency } };
});

/** A stand-in for a provider. This one needs to be told what is urgent: without it, nothing but fire is. `openai("gpt-4o")` stands here in an application. */
function clerk(id: string, needsTelling: boolean): Model {
  return scriptedAs({ provider: "office", id }, ({ messages }) => {
    const asked = JSON.stringify(messages);
    const isHigh =
      asked.includes("fire.") || (asked.includes("log in.") && (!needsTelling || asked.includes("cannot work")));
    return JSON.stringify({ urgency: isHigh ? "high" : "low" });
  });
}

const small = clerk("small", true);

function triageWith(candidate: Model | FeatureVariant<{ ticket: string }>) {
  return defineFeature({
    name: "triage-ticket",
    input: z.object({ ticket: z.string() }),
    output: z.object({ urgency: z.enum(["low", "high"]) }),
    prompt: ({ ticket }) => `How urgent is this ticket?\n${ticket}`,
    models: { current: clerk("large", false), small: candidate },
    checks: {
      dataset,
      scorers: [exact()],
      gates: { quality: { score: "exact", margin: 0.03 }, form: { measure: "malformed", margin: 0.02 } },
    },
  });
}

const directory = await mkdtemp(join(tmpdir(), "migration-"));
try {
  const evidence = join(directory, "triage.migration.json");
  const first = triageWith(small);
  const { output } = await first.run({ ticket: "The roof is on fire." });
  assert.equal(output.urgency, "high");

  console.log("By the prompt of the large model, the small one fails:");
  const failed = await migrate(first, { to: "small", evidence });
  console.log(textReport(failed));
  assert.equal(failed.verdict, "fail");

  const triage = triageWith({
    model: small,
    prompt: ({ ticket }) => ({
      messages: [
        { role: "system", content: "High is danger, and whatever somebody cannot work for." },
        { role: "user", content: ticket },
      ],
    }),
  });
  const stale = await migrationStatus(triage, (await readEvidence(evidence))!);
  console.log(`\nWith a prompt of its own: ${stale.stale} ${stale.next}`);
  assert.ok(stale.stale);

  const passed = await migrate(triage, { to: "small", evidence });
  console.log(textReport(passed));
  assert.equal(passed.verdict, "pass");
  const kept = (await readEvidence(evidence))!;
  assert.deepEqual(
    kept.steps.map(({ verdict }) => verdict),
    ["fail", "pass"],
  );
  console.log(`\n${(await migrationStatus(triage, kept)).next}`);
} finally {
  await rm(directory, { recursive: true });
}
