export { askedEmbedding } from "./asked-embedding.ts";
export { askedRequest } from "./asked-request.ts";
export type { Attempt, AttemptPlan, Question } from "./attempt.ts";
export type { CacheStore } from "./cache-store.ts";
export type { AdapterCall, AnyMiddleware, Call, Callable, Middleware, Model } from "./callable.ts";
export { circumstancesOf } from "./circumstances-of.ts";
export { checkOption } from "./check-option.ts";
export type { OptionRange } from "./check-option.ts";
export { checkRerank } from "./check-rerank.ts";
export { addCosts } from "./cost.ts";
export type { Cost, NanoDollars } from "./cost.ts";
export type { DeepPartial } from "./deep-partial.ts";
export { defineEmbeddingModel } from "./define-embedding-model.ts";
export type { EmbeddingModelParts } from "./define-embedding-model.ts";
export { defineRerankModel } from "./define-rerank-model.ts";
export type { RerankModelParts } from "./define-rerank-model.ts";
export { defineTool } from "./define-tool.ts";
export type { RunnableTool, ToolContext, ToolOutput, ToolParts } from "./define-tool.ts";
export type { Draft } from "./draft-source.ts";
export { batchesOf } from "./embedding-batches.ts";
export type { BatchLimits } from "./embedding-batches.ts";
export type {
  EmbeddingInput,
  EmbeddingModel,
  EmbeddingPurpose,
  EmbeddingRequest,
  EmbeddingResult,
} from "./embedding-model.ts";
export type { CallableParts } from "./define-callable.ts";
export { ModelError } from "./error.ts";
export type { ModelErrorCode, ModelErrorOptions, Phase } from "./error.ts";
export type { EventOf, Finish, FinishReason, ModelEvent, Start, Warning } from "./event.ts";
export { Gathering } from "./gathering.ts";
export { grown } from "./grown.ts";
export { generateObject } from "./generate-object.ts";
export type { GenerateObjectRequest, ObjectResult } from "./generate-object.ts";
export { isContent } from "./is-content.ts";
export { issuesAsText } from "./issues-as-text.ts";
export type { Json, JsonObject, JsonSchema, ProviderData } from "./json.ts";
export type { Lease, LeaseStore } from "./lease-store.ts";
export type { BudgetScope, BudgetWindow, Ledger, Reservation, ReserveOutcome, Spend, SpendRow } from "./ledger.ts";
export type { Limit, LimitStore, LimitTake, TakeOutcome } from "./limit-store.ts";
export type { LimitsLookup, ModelKey, ModelLimits, PriceLookup, Quote, TokenCount, TokenCounter } from "./look-up.ts";
export type { AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage } from "./message.ts";
export type { Measurement } from "./measurement.ts";
export { messagesOf } from "./messages-of.ts";
export { defineModel } from "./model.ts";
export type { ModelParts } from "./model.ts";
export { ModelReply } from "./model-reply.ts";
export type { ModelReplyFactory } from "./model-reply.ts";
export type { Notice, Notices } from "./notice.ts";
export { orCalledOff } from "./or-called-off.ts";
export { objectCheck } from "./object-check.ts";
export type { ObjectRequest } from "./object-request.ts";
export type {
  AssistantPart,
  Citation,
  FilePart,
  JsonPart,
  OpaquePart,
  Owned,
  ReasoningPart,
  SourcePart,
  TextPart,
  ToolCallPart,
  ToolOutputPart,
  ToolResultPart,
} from "./part.ts";
export type {
  CountingModel,
  ProviderEmbeddingModel,
  ProviderModel,
  ProviderRerankModel,
  RequestPlan,
} from "./provider-model.ts";
export type { Emit, EndListener, Outcome, ReplySource, Transform } from "./reply-source.ts";
export type { CallOptions, ModelRequest, OutputSchema, Prompt, Reasoning } from "./request.ts";
export type { RerankInput, RerankModel, RerankRequest, RerankResult } from "./rerank-model.ts";
export { eventsOf, reasoningOf, textOf, toolCallsOf } from "./result.ts";
export type { ModelResult } from "./result.ts";
export { runTools } from "./run-tools.ts";
export type { ToolsRequest } from "./run-tools.ts";
export { compileSchema } from "./schema.ts";
export type { Checked, CompiledSchema, Schema, SchemaInput, SchemaOutput, SchemaPair } from "./schema.ts";
export type {
  StandardIssue,
  StandardJsonSchema,
  StandardOutcome,
  StandardSchema,
  StandardSchemaProps,
} from "./standard-schema.ts";
export { streamObject } from "./stream-object.ts";
export type { ObjectReply } from "./stream-object.ts";
export type { FunctionTool, ProviderTool, Tool, ToolChoice } from "./tool.ts";
export type { Approve, PendingCall } from "./tool-step.ts";
export { addUsage } from "./usage.ts";
export type { Usage } from "./usage.ts";
