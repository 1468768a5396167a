import { ModelError } from "@plugboard/core";
import type {
  Callable,
  CountingModel,
  EmbeddingModel,
  EmbeddingRequest,
  Model,
  ModelReply,
  ModelRequest,
  ModelResult,
  TokenCount,
  TokenCounter,
} from "@plugboard/core";
import { countWith } from "@plugboard/wire/serve";
import type { CallRecord } from "../telling/call-record.ts";

/** What stands around the models of one request. */
export interface Watch {
  readonly record: CallRecord;
  /** Asked before the model is: what of the request may not pass is taken out, or it is refused. */
  readonly check: (request: ModelRequest) => ModelRequest | Promise<ModelRequest>;
  /** Counts tokens where no provider of the model does. */
  readonly count: TokenCounter;
}

/** A model for one request, which notes in the record what became of it. */
export function watchedModel(model: Model, { record, check, count }: Watch): Model & Pick<CountingModel, "countTokens"> {
  async function generate(asked: ModelRequest | string): Promise<ModelResult> {
    try {
      const result = await model.generate(await checked(asked));
      record.answered(result);
      return result;
    } catch (error) {
      throw failed(record, error);
    }
  }
  async function stream(asked: ModelRequest | string): Promise<ModelReply> {
    try {
      const reply = await model.stream(await checked(asked));
      record.began();
      return reply.onEnd((outcome) => {
        if (outcome.status === "finished") record.answered(outcome.result);
        else if (outcome.status === "failed") record.failed(outcome.error);
        else record.cancelled(outcome.partial);
      });
    } catch (error) {
      throw failed(record, error);
    }
  }
  async function countTokens(asked: ModelRequest | string): Promise<TokenCount> {
    try {
      const request = await checked(asked);
      return await (counterOf(model)?.(request) ?? count(request, leafOf(model)));
    } catch (error) {
      throw failed(record, error);
    }
  }
  function checked(asked: ModelRequest | string): ModelRequest | Promise<ModelRequest> {
    return check(typeof asked === "string" ? { messages: [{ role: "user", content: asked }] } : asked);
  }
  return { ...model, models: [model], generate, stream, countTokens };
}

/** The same for one that embeds. */
export function watchedEmbedding(
  model: EmbeddingModel,
  record: CallRecord,
  check: (request: EmbeddingRequest) => EmbeddingRequest,
): EmbeddingModel {
  return {
    ...model,
    models: [model],
    async embed(asked) {
      try {
        const result = await model.embed(Array.isArray(asked) ? asked : check(asked as EmbeddingRequest));
        record.embedded(result);
        return result;
      } catch (error) {
        throw failed(record, error);
      }
    },
  };
}

/** Counting by the first provider that does. */
function counterOf(model: Model): ((request: ModelRequest) => Promise<TokenCount>) | undefined {
  try {
    return countWith(model);
  } catch {
    return undefined;
  }
}

/** The first adapter behind a model. */
function leafOf(model: Callable<ModelRequest, ModelReply>): Callable<ModelRequest, ModelReply> {
  const [first] = model.models;
  return first ? leafOf(first) : model;
}

function failed(record: CallRecord, cause: unknown): ModelError {
  const error = ModelError.from(cause);
  record.failed(error);
  return error;
}
