import type { ModelErrorCode } from "@plugboard/core";
import type { ServedProtocol, Written } from "@plugboard/wire";
import { httpStatuses, retryAfterHeader } from "@plugboard/wire";
import { exceptionOf } from "./exceptions.ts";
import { converseWriter } from "./event-writer.ts";
import { readRequest } from "./read-request.ts";
import { writeResult } from "./write-answer.ts";

/** How the protocol is served. */
export interface ConverseProtocolOptions {
  /** Whether it stands behind `/converse-stream` rather than `/converse`: the body does not say. @default false */
  readonly stream?: boolean;
}

/** Where Bedrock has another status than most. */
const statuses: { readonly [Code in ModelErrorCode]?: number } = { timeout: 408, quota: 400, server: 500 };

/**
 * The Converse API in the server's direction: reads what clients of Bedrock ask, and writes what they expect back, as JSON or as a binary
 * event stream. The name of the model stands in the path; put it into the body as `model` first.
 *
 * @example
 * const streamed = converseProtocol({ stream: true });
 * const asked = streamed.readRequest({ ...JSON.parse(body), model: "amazon.nova-lite-v1:0" });
 */
export function converseProtocol({ stream = false }: ConverseProtocolOptions = {}): ServedProtocol<Written> {
  return {
    name: "converse",
    streamType: "application/vnd.amazon.eventstream",
    readRequest: (body) => readRequest(body, stream),
    writeResult,
    writer: converseWriter,
    writeError: (error) => ({
      status: statuses[error.code] ?? httpStatuses[error.code],
      headers: { "x-amzn-errortype": exceptionOf(error.code), ...retryAfterHeader(error) },
      body: { message: error.code === "context-length" ? `Input is too long: ${error.message}` : error.message },
    }),
  };
}
