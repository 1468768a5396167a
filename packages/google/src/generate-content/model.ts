import type { CountingModel, ModelRequest } from "@plugboard/core";
import type { PreparedCount, PreparedExchange, WireOptions } from "@plugboard/wire";
import type { Located } from "./address.ts";
import type { DecodeContext } from "./answer-reader.ts";
import { defineCountingModel, sse } from "@plugboard/wire";
import { addressOf } from "./address.ts";
import { decodeCount, encodeCount } from "./count.ts";
import { answerDecoder, decodeAnswer } from "./decode.ts";
import { encodeRequest } from "./encode.ts";

/** What a model of the generate-content protocol is made of. */
export interface GenerateContentParts extends Located {
  readonly wire: WireOptions;
}

/** Raised whenever the same request is written, or the same answer read, in another way: it keeps cached answers apart. */
const mapping = 1;

/** A model behind the generate-content protocol, on the platform that the dialect describes. */
export function generateContentModel({ wire: options, ...located }: GenerateContentParts): CountingModel {
  const { id, dialect } = located;
  const { provider, count } = dialect;
  const { place, authorize } = addressOf(located);

  function prepare(request: ModelRequest): PreparedExchange {
    const { body, warnings, names, hiddenReasoning } = encodeRequest(request, id);
    const context: DecodeContext = { provider, model: id, toolName: names.toOurs };
    const streamed = request.stream === true;
    return {
      url: `${place}:${streamed ? "streamGenerateContent?alt=sse" : "generateContent"}`,
      authorize,
      body,
      options,
      warnings,
      ...(streamed && { stream: { framing: sse, decoder: (head) => answerDecoder(head, context) } }),
      whole: (answer, head) => decodeAnswer(answer, head, context),
      hiddenReasoning,
    };
  }

  function prepareCount(request: ModelRequest): PreparedCount {
    const { body, warnings } = encodeRequest(request, id);
    const url = `${place}:countTokens`;
    return { url, authorize, body: encodeCount(body, count, id), options, warnings, whole: decodeCount };
  }

  const fingerprint = `${provider}:${id}@${place}#${mapping}`;
  return defineCountingModel({ provider, id, fingerprint, prepare, prepareCount });
}
