import { open, readFile, rename, rm } from "node:fs/promises";
import { ModelError } from "@plugboard/core";
import { parseEvidence } from "./evidence.ts";
import type { Evidence, MigrationName } from "./evidence.ts";

/**
 * The evidence of a migration; undefined where there is none yet.
 *
 * @throws {ModelError} `parse` for a file that is something else, with the field
 * @example
 * const evidence = await readEvidence("triage.migration.json");
 * console.log(evidence?.steps.at(-1)?.verdict);
 */
export async function readEvidence(path: string): Promise<Evidence | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ModelError(`${path} cannot be read: ${(cause as Error).message}`, { code: "unknown", cause });
  }
  return parseEvidence(text, path);
}

/**
 * The evidence of this very migration.
 *
 * @throws {ModelError} `invalid-request` where the file is about another one
 */
export async function evidenceOf({ feature, from, to }: MigrationName, path: string): Promise<Evidence | undefined> {
  const evidence = await readEvidence(path);
  if (!evidence || (evidence.feature === feature && evidence.from === from && evidence.to === to)) return evidence;
  throw new ModelError(
    `${path} is about ${told(evidence)}, not ${told({ feature, from, to })}; give each migration a file of its own.`,
    { code: "invalid-request" },
  );
}

/** Writes evidence whole or not at all: beside the file, onto the disk, and then in its place. */
export async function writeEvidence(path: string, evidence: Evidence): Promise<void> {
  const copy = `${path}.${process.pid}.${crypto.randomUUID()}.tmp`;
  try {
    const file = await open(copy, "wx");
    try {
      await file.writeFile(`${JSON.stringify(evidence, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(copy, path);
  } catch (error) {
    await rm(copy, { force: true });
    throw error;
  }
}

function told({ feature, from, to }: MigrationName): string {
  return `${feature} from ${from} to ${to}`;
}
