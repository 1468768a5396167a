import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { sharedPath } from "./shared-path.ts";

/**
 * The rows of a set of recorded data; their shape is whatever its README says.
 *
 * @param name - below the folder of recorded data: `routellm/mmlu`
 */
export function recordedRows(name: string): unknown[] {
  return gunzipSync(readFileSync(sharedPath("data", `${name}.jsonl.gz`)))
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}
