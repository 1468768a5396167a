import { ModelError } from "@plugboard/core";
import type { Json, JsonObject } from "@plugboard/core";
import { refusedField } from "@plugboard/wire";

/** A step from one version of a form to the next, and what it does. */
export interface Migration {
  /** The version that it reads; it gives the one after. */
  readonly from: number;
  readonly migrate: (line: JsonObject) => JsonObject;
}

/** A form that has versions. */
export interface VersionedForm {
  /** The one that is written. */
  readonly version: number;
  /** From the oldest that is read to the one that is written, without a gap. */
  readonly migrations: readonly Migration[];
}

/**
 * A line of any version that is read, as the newest has it.
 *
 * @throws {ModelError} `invalid-request` for a line without a version or with one that is not known here
 */
export function migrated(line: JsonObject, { version, migrations }: VersionedForm): JsonObject {
  const written: Json | undefined = line["version"];
  const oldest = Math.min(version, ...migrations.map(({ from }) => from));
  if (typeof written !== "number" || !Number.isInteger(written) || written < oldest)
    throw refusedField("version", oldest === version ? String(version) : `from ${oldest} to ${version}`, written);
  if (written > version) {
    throw new ModelError(
      `\`version\` is ${written}, and this package reads up to ${version}: a newer one wrote it, and will read it.`,
      { code: "invalid-request" },
    );
  }
  let current = line;
  for (let at = written; at < version; at++) {
    const step = migrations.find(({ from }) => from === at);
    if (!step) throw new ModelError(`Nothing leads from version ${at} to ${at + 1}.`, { code: "unsupported" });
    current = { ...step.migrate(current), version: at + 1 };
  }
  return current;
}
