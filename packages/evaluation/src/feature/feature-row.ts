import type { StandardSchema } from "@plugboard/core";
import { evaluationRow } from "../evaluate/evaluation-row.ts";
import type { Feature, FeatureRow } from "./feature.ts";

/** Checks rows of a feature's dataset: the usual fields, and `input` by the feature's own schema. The input stays as it was written. */
export function featureRow({ input }: Pick<Feature, "input">): StandardSchema<unknown, FeatureRow> {
  return {
    "~standard": {
      version: 1,
      vendor: "plugboard",
      async validate(value) {
        const usual = await evaluationRow["~standard"].validate(value);
        if (usual.issues) return usual;
        const row = value as FeatureRow; // an object: its input is checked now
        const checked = await input["~standard"].validate(row.input);
        if (!checked.issues) return { value: row };
        return { issues: checked.issues.map(({ path = [], message }) => ({ path: ["input", ...path], message })) };
      },
    },
  };
}
