import type { Model } from "@plugboard/core";
import { defineModel } from "@plugboard/core";
import type { Exchange, WireOptions } from "@plugboard/wire";
import { exchange } from "@plugboard/wire";
import { encodeSegment } from "../sign-request.ts";
import type { DecodeContext } from "./decode.ts";
import { converseDecoder, decodeConverse } from "./decode.ts";
import { encodeConverse } from "./encode.ts";
import { failures } from "./failures.ts";
import { provider } from "./messages.ts";

/** Raised whenever the same request is written, or the same answer read, in another way: it keeps cached answers apart. */
const mapping = 1;

/** What a model of the Converse API is made of. */
export interface ConverseModelParts {
  readonly id: string;
  /** The model behind an ARN. */
  readonly catalogId?: string | undefined;
  readonly options: WireOptions;
  /** Where it is, for the fingerprint. */
  readonly place: string;
  /**
   * Asked at every call.
   *
   * @throws {ModelError} `auth` when there are no keys, `invalid-request` when there is no region
   */
  readonly address: () => Promise<Pick<Exchange, "url" | "headers" | "sign">>;
}

/** Joins the mappings of the Converse API to the wire. */
export function converseModel({ id, catalogId, options, place, address }: ConverseModelParts): Model {
  const path = `/model/${encodeSegment(id)}/converse`;
  return defineModel({
    provider,
    id,
    catalogId,
    fingerprint: `${provider}:${id}@${place}#converse/${mapping}`,
    async call(request) {
      const { body, warnings, names, outputTool, hiddenReasoning } = encodeConverse(request, catalogId ?? id);
      const { url, headers, sign } = await address();
      const context: DecodeContext = { model: id, toolName: names.toOurs, outputTool };
      const streamed = request.stream === true;
      return exchange({
        provider,
        model: id,
        url: url + path + (streamed ? "-stream" : ""),
        headers,
        ...(sign && { sign }),
        body,
        request,
        options,
        warnings,
        ...(streamed && {
          stream: { framing: "aws-eventstream", decoder: (head) => converseDecoder(head, context) },
        }),
        whole: (answer, head) => decodeConverse(answer, head, context),
        failures,
        hiddenReasoning,
      });
    },
  });
}
