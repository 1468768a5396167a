import { readFileSync } from "node:fs";
import type { EmbeddingSample, ExpectedEmbeddings } from "@plugboard/testing";
import { knownCount, knownEmbeddings } from "./known-cases.ts";
import { namesOf, readMeta } from "./recorded-samples.ts";
import { sharedHas, sharedPath } from "./shared-path.ts";
import { skipCases } from "./skip-cases.ts";

interface RecordedEmbeddingCall {
  readonly model: string;
  readonly values: readonly string[];
}

/**
 * The recorded embeddings of some providers: every case in their folders that is a call of an embedding model.
 * Call it at the top of a test file: what is not there is said by a skipped test.
 */
export function recordedEmbeddings(...providers: readonly string[]): readonly EmbeddingSample[] {
  if (!sharedHas("fixtures")) {
    const count = knownCount(knownEmbeddings, providers);
    skipCases(count, `recorded embeddings of ${providers.join(", ")}`, `${sharedPath("fixtures")} is not there`);
    return [];
  }
  return providers.flatMap((provider) =>
    namesOf(provider).flatMap((name): EmbeddingSample[] => {
      const { mode, http, body, exercises = [] } = readMeta(provider, name);
      if (mode !== "embed") return [];
      const path = (file: string): string => sharedPath("fixtures", provider, name, file);
      const { model, values } = JSON.parse(readFileSync(path("call.json"), "utf8")) as RecordedEmbeddingCall;
      return [
        {
          name: `${provider}/${name}`,
          call: { model, values },
          status: http.status,
          headers: http.headers ?? {},
          body: readFileSync(path(body)),
          expected: JSON.parse(readFileSync(path("expected.json"), "utf8")) as ExpectedEmbeddings,
          exercises,
        },
      ];
    }),
  );
}
