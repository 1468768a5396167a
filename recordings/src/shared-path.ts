import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

/** A place in the shared folder: `PLUGBOARD_SHARED`, by default `../shared` beside the checkout. It need not be there. */
export function sharedPath(...path: readonly string[]): string {
  return resolve(checkout, process.env["PLUGBOARD_SHARED"] || "../shared", ...path);
}

/**
 * Whether a place in the shared folder is there.
 *
 * @throws {Error} if it is not, and `PLUGBOARD_REQUIRE_SHARED=1` says that it must be
 */
export function sharedHas(...path: readonly string[]): boolean {
  if (existsSync(sharedPath(...path))) return true;
  if (process.env["PLUGBOARD_REQUIRE_SHARED"] === "1") {
    throw new Error(
      `${sharedPath(...path)} is not there, and PLUGBOARD_REQUIRE_SHARED=1 wants it. Set PLUGBOARD_SHARED.`,
    );
  }
  return false;
}
