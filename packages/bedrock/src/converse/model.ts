import type { CountingModel } from "@plugboard/core";
import type { WireOptions } from "@plugboard/wire";
import { awsEventStream, defineCountingModel } from "@plugboard/wire";
import { bedrockFailures, encodeSegment } from "@plugboard/wire/aws";
import type { BedrockRuntime } from "@plugboard/wire/aws";
import { provider } from "../provider.ts";
import { countedModel, decodeCount, encodeCount } from "./count.ts";
import type { DecodeContext } from "./decode.ts";
import { converseDecoder } from "./decode-stream.ts";
import { decodeConverse } from "./decode.ts";
import { encodeConverse } from "./encode.ts";

/** Raised whenever the same request is written, or the same answer read, in another way: it keeps cached answers apart. */
const mapping = 2;

/** What a model of the Converse API is made of. */
export interface ConverseModelParts {
  readonly id: string;
  /** The model behind an ARN. */
  readonly catalogId?: string | undefined;
  readonly options: WireOptions;
  readonly runtime: BedrockRuntime;
}

/** Joins the mappings of the Converse API to the wire. */
export function converseModel({ id, catalogId, options, runtime }: ConverseModelParts): CountingModel {
  const { place, endpoint, sign } = runtime;
  const path = `/model/${encodeSegment(id)}/converse`;
  return defineCountingModel({
    provider,
    id,
    catalogId,
    fingerprint: `${provider}:${id}@${place}#converse/${mapping}`,
    prepare(request) {
      const { body, warnings, names, outputTool, hiddenReasoning } = encodeConverse(request, catalogId ?? id);
      const context: DecodeContext = { model: id, toolName: names.toOurs, outputTool };
      const streamed = request.stream === true;
      return {
        url: endpoint() + path + (streamed ? "-stream" : ""),
        sign,
        body,
        options,
        warnings,
        ...(streamed && {
          stream: { framing: awsEventStream, decoder: (head) => converseDecoder(head, context) },
        }),
        whole: (answer, head) => decodeConverse(answer, head, context),
        failures: bedrockFailures,
        hiddenReasoning,
      };
    },
    prepareCount: (request) => ({
      url: `${endpoint()}/model/${encodeSegment(countedModel(catalogId ?? id))}/count-tokens`,
      sign,
      body: encodeCount(encodeConverse(request, catalogId ?? id).body),
      options,
      warnings: [],
      whole: decodeCount,
      failures: bedrockFailures,
    }),
  });
}
