export { awsEventStream, exceptionOf } from "./aws-event-stream.ts";
export { azureAuthorization } from "./azure-authorization.ts";
export type { AzureAuthorization } from "./azure-authorization.ts";
export { checkBaseURL } from "./base-url.ts";
export type { BaseURLRules } from "./base-url.ts";
export { dataURL, fromBase64, toBase64 } from "./base64.ts";
export { claudeAbilities } from "./claude-abilities.ts";
export type { ClaudeAbilities } from "./claude-abilities.ts";
export { claudeSampling } from "./claude-sampling.ts";
export type { ClaudeSampling } from "./claude-sampling.ts";
export { claudeThinking } from "./claude-thinking.ts";
export type { ClaudeThinking } from "./claude-thinking.ts";
export { checkToolInput } from "./check-tool-input.ts";
export { countAt } from "./count-at.ts";
export { cutLoose } from "./cut-loose.ts";
export { defineCountingModel, withCounting } from "./define-counting-model.ts";
export type { CountingModelParts, PreparedCount } from "./define-counting-model.ts";
export { cohereEmbedding, cohereTexts, cohereVectors } from "./cohere-embedding.ts";
export type { CohereEmbedding } from "./cohere-embedding.ts";
export { cohereUsage } from "./cohere-usage.ts";
export { defineProviderEmbeddingModel } from "./define-provider-embedding-model.ts";
export type { ProviderEmbeddingModelParts } from "./define-provider-embedding-model.ts";
export { defineProviderModel } from "./define-provider-model.ts";
export type { PreparedExchange, ProviderModelParts } from "./define-provider-model.ts";
export { defineProviderRerankModel } from "./define-provider-rerank-model.ts";
export type { ProviderRerankModelParts } from "./define-provider-rerank-model.ts";
export { environment } from "./environment.ts";
export { exchange, exchangeWhole } from "./exchange.ts";
export type { Exchange, PreparedWhole, SentRequest, WholeExchange } from "./exchange.ts";
export { failureInBand, failureOf } from "./failure.ts";
export type { FailedResponse, FailureContext, FailureRule } from "./failure.ts";
export {
  bytesAt,
  fileAt,
  itemsAt,
  listAt,
  nameAt,
  objectAt,
  optionalFlag,
  optionalNumber,
  optionalText,
  refusedField,
  textAt,
} from "./fields.ts";
export { fetchTransport } from "./fetch-transport.ts";
export { foreignData } from "./foreign-data.ts";
export type { ForeignDataRules } from "./foreign-data.ts";
export type { ByteFraming, Framing, StreamFraming } from "./framing.ts";
export { functionToolAt } from "./function-tool-at.ts";
export { httpStatuses, retryAfterHeader } from "./http-status.ts";
export { bearerFrom, keyFrom } from "./key-from.ts";
export type { ApiKey, KeySource } from "./key-from.ts";
export { keptHeaders } from "./response-headers.ts";
export { leftOut } from "./left-out.ts";
export { legalNames, wireToolName } from "./legal-names.ts";
export type { LegalNames, NameRules } from "./legal-names.ts";
export { countOf, listOf, objectOf, only, stringOf, without } from "./narrow.ts";
export { nodeTransport } from "./node-transport.ts";
export type { NodeTransportOptions } from "./node-transport.ts";
export { ndjson } from "./ndjson.ts";
export {
  answerOf,
  answerText,
  cutCallWarning,
  outputToolInstruction,
  outputToolOf,
  outputToolWarning,
} from "./output-tool.ts";
export type { OfferedOutputTool, OutputTool } from "./output-tool.ts";
export { ownersOf } from "./owners-of.ts";
export { parseEvent } from "./parse-event.ts";
export { parseJson } from "./parse-json.ts";
export { mergeProviderOptions } from "./provider-options.ts";
export { rankingOf } from "./ranking.ts";
export { isSecretName, redact, secretsOf } from "./redact.ts";
export { Secret } from "./secret.ts";
export type { EventWriter, ServedProtocol, ServedRequest, Written } from "./served-protocol.ts";
export { sse } from "./sse.ts";
export type { StreamDecoder } from "./stream-decoder.ts";
export { strictRoom, strictSchema } from "./strict-schema.ts";
export type { StrictRoom, StrictSchema } from "./strict-schema.ts";
export { noResult, takeResult } from "./take-result.ts";
export type { CallPlace, TakenResult } from "./take-result.ts";
export { TextTwins } from "./text-twins.ts";
export { textBeforeGap } from "./text-before-gap.ts";
export { callArguments, toolArguments } from "./tool-arguments.ts";
export type { ToolArguments } from "./tool-arguments.ts";
export { repairToolTurns } from "./tool-turns.ts";
export type { ToolTurnRules, WireTurn } from "./tool-turns.ts";
export type { ByteRead, ByteSource, Transport, TransportRequest, TransportResponse } from "./transport.ts";
export { userMessages } from "./user-messages.ts";
export { vertexPlace } from "./vertex-place.ts";
export type { VertexAccess, VertexPlace } from "./vertex-place.ts";
export { warnTold } from "./warn-told.ts";
export { vectorOf, vectorsOf } from "./vectors.ts";
export type { Bounds, Clocks, WireOptions } from "./wire-options.ts";
export { ByteQueue } from "./byte-queue.ts";
export type { ByteFlow } from "./byte-queue.ts";
export { queueOf, unpacking } from "./queue-of.ts";
