import type { EmbeddingPurpose, EmbeddingRequest, EmbeddingResult, Json, JsonObject } from "@plugboard/core";
import {
  itemsAt,
  listOf,
  objectAt,
  objectOf,
  optionalNumber,
  refusedField,
  stringOf,
  textAt,
  without,
} from "@plugboard/wire";
import type { ServedWhole } from "@plugboard/wire/serve";
import { camelCased } from "../generate-content/camel-cased.ts";
import { owner } from "../generate-content/messages.ts";
import { readBy } from "../generate-content/serve.ts";
import { writeError } from "../generate-content/write-error.ts";
import { taskTypes } from "./dialect.ts";

/** How embeddings are served. */
export interface EmbedContentProtocolOptions {
  /** Whether it stands behind `:batchEmbedContents` rather than `:embedContent`. @default false */
  readonly batch?: boolean;
}

/**
 * What clients of Gemini ask to have embedded, one text or several, and what they expect back. The name of the model stands in the path;
 * put it into the body as `model` first.
 *
 * @example
 * const protocol = embedContentProtocol();
 * const asked = protocol.readRequest({ model: "gemini-embedding-001", content: { parts: [{ text: "a river" }] } });
 * const answer = protocol.writeResult(await model.embed(asked.request), asked);
 */
export function embedContentProtocol({ batch = false }: EmbedContentProtocolOptions = {}): ServedWhole<
  EmbeddingRequest,
  EmbeddingResult
> {
  return {
    name: batch ? "batch-embed-contents" : "embed-content",
    readBy,
    readRequest(body) {
      const asked = objectAt(camelCased(body), "body");
      const model = stringOf(asked["model"])?.replace(/^models\//, "");
      if (!model) throw refusedField("model", "a name: it stands in the path", asked["model"]);
      return { model, request: batch ? readBatch(asked) : readOne(asked, "") };
    },
    writeResult(result) {
      const vectors = result.embeddings.map((values): JsonObject => ({ values: [...values] }));
      const { input } = result.usage;
      const counts = input === undefined ? {} : { usageMetadata: { promptTokenCount: input } };
      return batch ? { embeddings: vectors, ...counts } : { embedding: vectors[0]!, ...counts };
    },
    writeError,
  };
}

function readOne(asked: JsonObject, path: string): EmbeddingRequest {
  const content = objectAt(asked["content"], `${path}content`);
  const parts = itemsAt(content["parts"], `${path}content.parts`);
  const text = parts
    .map((part, place) => textAt(objectOf(part)?.["text"], `${path}content.parts[${place}].text`))
    .join("");
  const dimensions = optionalNumber(asked["outputDimensionality"], `${path}outputDimensionality`);
  const purpose = purposeOf(asked["taskType"], `${path}taskType`);
  const own = without(asked, "model", "content", "taskType", "outputDimensionality");
  return {
    values: [text],
    ...(dimensions !== undefined && { dimensions }),
    ...(purpose !== undefined && { purpose }),
    ...(Object.keys(own).length > 0 && { providerOptions: { [owner]: own } }),
  };
}

/** Our words say once for all texts what Google's say with each. */
function readBatch(asked: JsonObject): EmbeddingRequest {
  const requests = itemsAt(asked["requests"], "requests").map((item, place) =>
    readOne(objectAt(item, `requests[${place}]`), `requests[${place}].`),
  );
  const [first] = requests;
  if (!first) throw refusedField("requests", "a list with at least one request", asked["requests"]);
  const { values: _, ...settings } = first;
  requests.forEach(({ values: _, ...others }, place) => {
    if (JSON.stringify(others) !== JSON.stringify(settings))
      throw refusedField(
        `requests[${place}]`,
        "asked with the settings of requests[0]",
        listOf(asked["requests"])[place],
      );
  });
  return { ...settings, values: requests.flatMap(({ values }) => values) };
}

const purposes: ReadonlyMap<string, EmbeddingPurpose> = new Map(
  Object.entries(taskTypes).map(([purpose, taskType]) => [taskType, purpose as EmbeddingPurpose]),
);

function purposeOf(value: Json | undefined, path: string): EmbeddingPurpose | undefined {
  if (value === undefined || value === "TASK_TYPE_UNSPECIFIED") return undefined;
  const purpose = purposes.get(stringOf(value) ?? "");
  if (!purpose) throw refusedField(path, Object.values(taskTypes).join(", "), value);
  return purpose;
}
