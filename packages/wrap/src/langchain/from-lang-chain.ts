import type { JsonObject, Model, ModelRequest, ModelResult, Warning } from "@plugboard/core";
import type { BaseChatModel, BindToolsInput } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import { ModelError, ModelReply, defineModel } from "@plugboard/core";
import { readError } from "./errors.ts";
import type { Whose } from "./errors.ts";
import { readWhole } from "./read-answer.ts";
import { StreamReader } from "./read-stream.ts";
import { writeOutputTool } from "./output-tool.ts";
import { writeMessages } from "./write-message.ts";

/** What a chat model of LangChain's does not say of itself. */
export interface FromLangChainOptions {
  /** Who is called and billed, as the catalogue has it. @default LangChain's name for tracing: `openai` */
  readonly provider?: string;
  /** What goes on the wire. @default LangChain's name for tracing: the model's */
  readonly id?: string;
  /** The catalogue's name of the model, where its id is not one. */
  readonly catalogId?: string;
  /**
   * Options of its calls for what LangChain has no common word for: temperature, effort, a format of answers. What it answers is taken
   * as said, so nothing is warned of.
   */
  readonly callOptions?: (request: ModelRequest) => JsonObject;
}

/** Settings that a chat model of LangChain's takes where it is made, not where it is called. */
const settingNames = [
  "maxOutputTokens",
  "temperature",
  "topP",
  "topK",
  "presencePenalty",
  "frequencyPenalty",
  "seed",
  "reasoning",
  "suffix",
  "headers",
] as const satisfies readonly (keyof ModelRequest)[];

/**
 * Any chat model of LangChain.js as a `Model`: behind retry, fallback, cache and budget like every other.
 *
 * Its settings are those that it was made with; those of a request are dropped with a warning, unless `callOptions` says how to call it
 * with them. JSON by a schema is asked for as a call of a tool, which every chat model with `bindTools` can. Its own retries are
 * switched off (`maxRetries: 0`), so that they do not multiply with `retry`. What its provider wants handed back is an opaque part of
 * the kind `langchain-message`.
 *
 * @throws {ModelError} of its calls: what went wrong, by the status and body of the error
 * @example
 * const model = fromLangChain(new ChatOpenAI({ model: "gpt-4o" })).with(timeout({ first: 20_000 }), retry());
 */
export function fromLangChain(chat: BaseChatModel, options: FromLangChainOptions = {}): Model {
  const { ls_provider, ls_model_name } = chat.getLsParams({});
  const {
    provider = ls_provider ?? "langchain",
    id = ls_model_name ?? chat.getName(),
    catalogId,
    callOptions,
  } = options;
  const whose: Whose = { provider, model: id };
  return defineModel({
    provider,
    id,
    catalogId,
    // What it was made with is part of its answers; this, unlike how it identifies itself, has no key in it.
    fingerprint: `langchain:${provider}:${id}:${JSON.stringify(chat.invocationParams({}))}`,
    call: (request) => ask(chat, request, whose, callOptions),
  });
}

async function ask(
  chat: BaseChatModel,
  request: ModelRequest,
  whose: Whose,
  callOptions: FromLangChainOptions["callOptions"],
): Promise<ModelReply> {
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  const { tools = [], toolChoice, output, stop, signal, providerOptions } = request;
  const more = callOptions?.(request);
  if (!more) {
    for (const name of settingNames) {
      if (request[name] === undefined) continue;
      warn({
        code: "dropped",
        path: name,
        message: `A chat model of LangChain takes \`${name}\` where it is made; see \`callOptions\`.`,
      });
    }
  }
  const offered = output && writeOutputTool(output, tools);
  const given: BindToolsInput[] = [...tools.map(writeTool), ...(offered ? [offered.tool] : [])];
  const choice = offered ? (tools.length > 0 ? "any" : offered.name) : writeToolChoice(toolChoice);
  if (offered && toolChoice !== undefined && toolChoice !== "required" && tools.length > 0) {
    warn({
      code: "adapted",
      path: "toolChoice",
      message: "JSON is asked for as a call of a tool, so a call is required.",
    });
  }

  const settings = {
    maxRetries: 0,
    ...(stop && { stop: [...stop] }),
    ...(signal && { signal }),
    ...(given.length > 0 && choice !== undefined && { tool_choice: choice }),
    ...providerOptions?.[whose.provider],
    ...providerOptions?.["langchain"],
    ...more,
  };
  const messages = writeMessages(request.messages, warn);
  try {
    const bound = given.length > 0 ? bind(chat, given) : chat;
    if (!request.stream) {
      const message: BaseMessage = await bound.invoke(messages, settings);
      return ModelReply.of({ ...readWhole(message, whose, offered), warnings } satisfies ModelResult);
    }
    const stream: ReadableStream<AIMessageChunk> = await bound.stream(messages, settings);
    return await ModelReply.open(new StreamReader(stream, whose, offered, warnings));
  } catch (error) {
    throw readError(error, whose);
  }
}

function bind(chat: BaseChatModel, tools: BindToolsInput[]): ReturnType<NonNullable<BaseChatModel["bindTools"]>> {
  if (chat.bindTools) return chat.bindTools(tools);
  throw new ModelError(`The chat model ${chat.getName()} has no \`bindTools\`, so it takes no tools and no schema.`, {
    code: "unsupported",
  });
}

function writeTool(tool: NonNullable<ModelRequest["tools"]>[number]): BindToolsInput {
  if (tool.type === "provider")
    return {
      type: tool.id.slice(tool.id.indexOf(".") + 1),
      ...(tool.name !== undefined && { name: tool.name }),
      ...tool.options,
    };
  const { name, description, input, strict } = tool;
  return {
    type: "function",
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: { ...input },
      ...(strict !== undefined && { strict }),
    },
  };
}

function writeToolChoice(choice: ModelRequest["toolChoice"]): string | undefined {
  if (typeof choice === "object") return choice.name;
  return choice === "required" ? "any" : choice;
}
