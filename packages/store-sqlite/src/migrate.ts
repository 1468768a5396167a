import type { DatabaseSync } from "node:sqlite";
import { ModelError } from "@plugboard/core";
import { migrations } from "./migrations.ts";

/**
 * Brings the file to the last of our steps, whichever process comes first.
 *
 * @throws {ModelError} `unsupported` for a file that a later version has written
 */
export function migrate(database: DatabaseSync, path: string): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    database.exec(
      "CREATE TABLE IF NOT EXISTS plugboard_migration (version INTEGER PRIMARY KEY, applied INTEGER NOT NULL) STRICT",
    );
    const known = database.prepare("SELECT coalesce(max(version), 0) AS version FROM plugboard_migration").get();
    const { version } = known as { readonly version: number };
    if (version > migrations.length) {
      const message = `"${path}" was written by a later version of @plugboard/store-sqlite: step ${version}, ${migrations.length} are known.`;
      throw new ModelError(message, { code: "unsupported" });
    }
    const note = database.prepare("INSERT INTO plugboard_migration VALUES (?, unixepoch())");
    for (const [place, step] of migrations.entries()) {
      if (place < version) continue;
      database.exec(step);
      note.run(place + 1);
    }
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
