import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEvidence, writeEvidence } from "./evidence-file.ts";
import type { Evidence } from "./evidence.ts";
import { migrate } from "./migrate.ts";
import { migrationStatus } from "./migration-status.ts";
import { clerk, tickets, triageOf } from "./triage.samples.ts";

let directory = "";
let path = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "migrate-"));
  path = join(directory, "triage.migration.json");
});
afterEach(() => rm(directory, { recursive: true }));

test("passes where the candidate does as well by its own prompt, and writes down what shows it", async () => {
  const [current, haiku] = [clerk("large"), clerk("small")];
  const triage = triageOf(current, haiku);
  const { verdict, step, measurements } = await migrate(triage, { to: "haiku", evidence: path });
  expect(verdict).toBe("pass");
  expect(new Set(measurements.map(({ model }) => model))).toEqual(new Set(["current", "haiku"]));
  expect(haiku.requests.every(({ messages }) => messages[0]!.role === "system")).toBe(true);
  const evidence = (await readEvidence(path))!;
  expect(evidence).toMatchObject({ feature: "triage", from: "current", to: "haiku", steps: [{ type: "parity" }] });
  expect(evidence.steps[0]).toEqual(JSON.parse(JSON.stringify(step)));
  expect(step.dataset).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, rows: 120 });
  expect(step.gates.map(({ name, verdict }) => [name, verdict])).toEqual([
    ["quality", "pass"],
    ["form", "pass"],
  ]);
  expect(evidence.probes).toHaveLength(5);
  await expect(migrationStatus(triage, evidence)).resolves.toMatchObject({ isShown: true, stale: undefined });
});

test("counts outputs that do not fit as malformed, as wrong, and shows what was said", async () => {
  const haiku = clerk("small", (place) => (place % 3 === 0 ? '{"urgency":"perhaps"}' : undefined));
  const { verdict, step } = await migrate(triageOf(clerk("large"), haiku), { to: "haiku", evidence: path });
  expect(verdict).toBe("fail");
  expect(step.gates.map(({ verdict }) => verdict)).toEqual(["fail", "fail"]);
  expect(step.gates[1]!.difference!.estimate).toBeCloseTo(1 / 3);
  expect(step.regressions).toHaveLength(10);
  expect(step.regressions[0]!.candidate).toMatchObject({ output: '{"urgency":"perhaps"}', error: { code: "parse" } });
  await expect(migrationStatus(triageOf(clerk("large"), haiku), (await readEvidence(path))!)).resolves.toMatchObject({
    isShown: false,
    next: expect.stringContaining("missed") as string,
  });
});

test("is undecided with the items missing, and says so as the next step", async () => {
  const triage = triageOf(clerk("large"), clerk("small"), { checks: { dataset: tickets(10) } });
  const { verdict, missing } = await migrate(triage, { to: "haiku", evidence: path });
  expect(verdict).toBe("undecided");
  const { next } = await migrationStatus(triage, (await readEvidence(path))!);
  expect(next).toBe(`Add about ${missing} items to the dataset, and run parity again.`);
});

test.each([
  ["another prompt", { words: "Be quick." }, "small", ["haiku"]],
  ["another model", {}, "smaller", ["haiku"]],
])("what was shown of %s no longer counts", async (_, change, id, changed) => {
  await migrate(triageOf(clerk("large"), clerk("small")), { to: "haiku", evidence: path });
  const evidence = (await readEvidence(path))!;
  await expect(migrationStatus(triageOf(clerk("large"), clerk("small")), evidence)).resolves.toMatchObject({
    isShown: true,
  });
  const status = await migrationStatus(triageOf(clerk("large"), clerk(id), change), evidence);
  expect(status).toMatchObject({ isShown: false, next: expect.stringContaining("again") as string });
  expect(status.stale).toContain(`of ${changed.join(" and ")} changed`);
});

test("adds each step to the same file, and keeps none that another file is about", async () => {
  const triage = triageOf(clerk("large"), clerk("small"));
  await migrate(triage, { to: "haiku", evidence: path });
  await migrate(triage, { to: "haiku", evidence: path });
  expect((await readEvidence(path))!.steps).toHaveLength(2);
  const current = clerk("large");
  const back = migrate(triageOf(current, clerk("small")), { from: "haiku", to: "current", evidence: path });
  await expect(back).rejects.toThrow("is about triage from current to haiku, not triage from haiku to current");
  expect(current.requests).toHaveLength(0); // nothing is paid for evidence that cannot be kept
});

test("takes from earlier results what the same prompts were answered, and nothing else", async () => {
  const results = join(directory, "results.jsonl");
  await migrate(triageOf(clerk("large"), clerk("small")), { to: "haiku", results });
  const [current, haiku] = [clerk("large"), clerk("small")];
  const again = await migrate(triageOf(current, haiku), { to: "haiku", results });
  expect([current.requests.length, haiku.requests.length, again.items]).toEqual([0, 0, 120]);
  await migrate(triageOf(current, haiku, { words: "Be quick." }), { to: "haiku", results });
  expect([current.requests.length, haiku.requests.length]).toEqual([0, 120]);
});

test("reads a dataset that can be read once", async () => {
  function* once(): Generator {
    yield* tickets(120);
  }
  const triage = triageOf(clerk("large"), clerk("small"), { checks: { dataset: once() } });
  await expect(migrate(triage, { to: "haiku" })).resolves.toMatchObject({ verdict: "pass", items: 120 });
});

test("keeps no input where prompts are not kept", async () => {
  const triage = triageOf(clerk("large"), clerk("small"));
  await migrate(triage, { to: "haiku", evidence: path, keep: { prompt: false, output: false } });
  expect(await readFile(path, "utf8")).not.toContain("roof");
  await expect(migrationStatus(triage, (await readEvidence(path))!)).resolves.toMatchObject({ isShown: true });
});

test("names the row and the field that do not fit", async () => {
  const rows = [{ input: { ticket: "(0) x" } }, { input: { ticket: 7 } }];
  const triage = triageOf(clerk("large"), clerk("small"), { checks: { dataset: rows } });
  await expect(migrate(triage, { to: "haiku" })).rejects.toMatchObject({
    code: "invalid-request",
    message: expect.stringMatching(/^row 2: `input\.ticket` .*string/) as string,
  });
});

test.each([
  ["itself", { to: "current" as const }, "from current to itself"],
  ["nobody", { to: "huge" as never }, 'has no model "huge"; there are: current, haiku'],
])("refuses to move to %s", async (_, options, message) => {
  await expect(migrate(triageOf(clerk("a"), clerk("b")), options)).rejects.toThrow(message);
});

test("whatever is cut off while evidence is written, the file is the old or the new one", async () => {
  const old: Evidence = {
    format: "plugboard.migration",
    version: 1,
    feature: "f",
    from: "a",
    to: "b",
    probes: [],
    steps: [],
  };
  await writeEvidence(path, old);
  const circular: unknown[] = [];
  circular.push(circular);
  await expect(writeEvidence(path, { ...old, probes: circular as never })).rejects.toThrow("circular");
  expect(await readEvidence(path)).toEqual(old);
  expect(await readdir(directory)).toEqual(["triage.migration.json"]);
  await Promise.all(["c", "d", "e"].map((to) => writeEvidence(path, { ...old, to })));
  expect(["c", "d", "e"]).toContain((await readEvidence(path))!.to);
  expect(await readdir(directory)).toEqual(["triage.migration.json"]);
});

test("evidence that is broken anywhere is refused with a sentence, or reads as it was", async () => {
  await migrate(triageOf(clerk("large"), clerk("small"), { checks: { dataset: tickets(4) } }), {
    to: "haiku",
    evidence: path,
  });
  const text = await readFile(path, "utf8");
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 3), async (cut) => {
      await writeFile(path, text.slice(0, cut));
      await expect(readEvidence(path)).rejects.toMatchObject({ code: "parse" });
    }),
    { numRuns: 40 },
  );
  const right = JSON.parse(text) as Evidence;
  for (const [wrong, named] of [
    [{ ...right, version: 2 }, "`version` must be 1: a newer version"],
    [{ ...right, format: "x" }, "`format`"],
    [
      { ...right, steps: [{ ...right.steps[0], verdict: "maybe" }] },
      "`steps[0].verdict` must be pass, fail or undecided",
    ],
    [{ ...right, steps: [3] }, "steps[0] must be an object"],
  ] as const) {
    await writeFile(path, JSON.stringify(wrong));
    await expect(readEvidence(path)).rejects.toThrow(named);
  }
});

test("there is no evidence where there is no file", async () => {
  await expect(readEvidence(join(directory, "none.json"))).resolves.toBeUndefined();
});
