import { createHash } from "node:crypto";
import type { Json, StandardSchema } from "@plugboard/core";
import { sourceOf } from "../dataset/row-source.ts";
import type { Dataset } from "../dataset/row-source.ts";
import type { FeatureRow } from "./feature.ts";
import { sha256 } from "./side-digest.ts";

/** What was asked, so that another dataset is told from it. */
export interface DatasetDigest {
  /** Of the rows' own digests, in order. */
  readonly sha256: string;
  readonly rows: number;
}

/** Inputs that are remembered, to see later whether prompts have changed. */
const remembered = 5;

/** Digests a dataset, and takes of its inputs the few with the least digests, which is as good as drawing them and the same each time. */
export async function digestOf(
  dataset: Dataset,
  schema: StandardSchema<unknown, FeatureRow>,
): Promise<{ readonly digest: DatasetDigest; readonly probes: readonly Json[] }> {
  const all = createHash("sha256");
  let rows = 0;
  let least: { readonly digest: string; readonly input: Json }[] = [];
  for await (const row of sourceOf(dataset).rows()) {
    // What does not fit is told, with its place, by whoever asks it.
    if (row.fault !== undefined || (await schema["~standard"].validate(row.value)).issues) continue;
    rows++;
    const digest = sha256(JSON.stringify(row.value) ?? "");
    all.update(digest);
    const { input } = row.value as { readonly input: Json }; // it fits
    if (least.length === remembered && digest >= least.at(-1)!.digest) continue;
    least = [...least, { digest, input }].toSorted((a, b) => (a.digest < b.digest ? -1 : 1)).slice(0, remembered);
  }
  return { digest: { sha256: all.digest("hex"), rows }, probes: least.map(({ input }) => input) };
}
