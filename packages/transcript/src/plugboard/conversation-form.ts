import type { VersionedForm } from "./migrate.ts";

/** What stands in every line, so that a file says what it is. */
export const conversationForm = "plugboard.conversation";

/** The version that is written, and the way from each older one to it. There is no older one yet. */
export const conversationVersions: VersionedForm = { version: 1, migrations: [] };
