import { createReadStream, existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ModelError } from "@plugboard/core";
import type { Json, Model } from "@plugboard/core";
import { readCall } from "./call-line.ts";
import type { LoggedCall } from "./logged-call.ts";
import { readLog } from "./read-log.ts";
import { record } from "./record.ts";
import { answersFrom } from "./replay.ts";
import { writeFixture } from "./write-fixture.ts";
import type { FixtureWriting } from "./write-fixture.ts";

/** How a test answers from a fixture. */
export interface FixtureOptions extends FixtureWriting {
  /** Who is asked where recording is allowed; its answers alone count. */
  readonly model: Model;
  /**
   * `none`: a question that is not in the file fails, with what differs; nobody is ever asked. `missing`: it is asked, and is in the file
   * the next time. `all`: everything is asked anew, and what is not asked any more leaves the file. @default "none"
   */
  readonly record?: "none" | "missing" | "all";
}

/** A fixture in use. Its end writes what was recorded; without recording it writes nothing. */
export interface Fixture extends AsyncDisposable {
  /** Answers from the file. */
  readonly model: Model;
  /** How many calls of the file have not been asked for: a test may insist on none. */
  readonly unused: () => Promise<number>;
}

/**
 * Lets a test of an application run offline and for nothing, on answers that a model gave once. The file is made by a first run with
 * `record`, or from a log by `writeFixture`.
 *
 * @throws {ModelError} `invalid-request` for a line of the file that is no call; from the calls: `not-found` for a question that is not in the
 * file, what the recorded call failed with
 * @example
 * await using answers = await fixture("fixtures/refunds.jsonl", { model: openai("gpt-4o"), record: process.env.RECORD ? "missing" : "none" });
 * expect(await decideRefund(answers.model, order)).toBe("granted");
 */
export async function fixture(
  path: string,
  { model, record: allowed = "none", ...writing }: FixtureOptions,
): Promise<Fixture> {
  const there = allowed === "all" ? [] : await callsOf(model, path, writing, allowed);
  const fresh: LoggedCall[] = [];
  const log = record({
    write: async (lines) => {
      for (const line of lines) fresh.push(await readCall(JSON.parse(line) as Json));
    },
  });
  const rules = writing.scrub ? { scrub: writing.scrub } : {};
  const answers = answersFrom(
    there,
    allowed === "none" ? rules : { ...rules, mode: "record-missing", model: model.with(log) },
  );

  return {
    model: answers.model,
    unused: answers.unused,
    async [Symbol.asyncDispose]() {
      await log.flush();
      if (fresh.length === 0) return;
      await mkdir(dirname(path), { recursive: true });
      await writeFixture(path, [...there, ...fresh.toSorted((a, b) => a.started - b.started)], writing);
    },
  };
}

async function callsOf(
  { provider, id }: Model,
  path: string,
  { files }: FixtureWriting,
  allowed: "none" | "missing",
): Promise<LoggedCall[]> {
  const calls: LoggedCall[] = [];
  if (allowed === "missing" && !existsSync(path)) return calls;
  const others = new Set<string>();
  for await (const call of readLog(createReadStream(path), { ...(files && { files }) })) {
    if (call.provider === provider && call.model === id) calls.push(call);
    else others.add(`${call.provider}/${call.model}`);
  }
  if (allowed === "none" && calls.length === 0 && others.size > 0)
    throw new ModelError(
      `The fixture ${path} has calls of ${[...others].join(", ")} and none of ${provider}/${id}: record it anew.`,
      { code: "not-found" },
    );
  return calls;
}
