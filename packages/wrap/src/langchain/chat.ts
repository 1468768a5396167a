import type { JsonSchema, Model, ModelRequest, ModelResult, Notice, OutputSchema, Prompt } from "@plugboard/core";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from "@langchain/core/language_models/base";
import type {
  BaseChatModelCallOptions,
  BindToolsInput,
  LangSmithParams,
} from "@langchain/core/language_models/chat_models";
import type { BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import {
  assembleStructuredOutputPipeline,
  createContentParser,
  createFunctionCallingParser,
} from "@langchain/core/language_models/structured_output";
import type { AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { ModelError } from "@plugboard/core";
import { stringOf, without } from "@plugboard/wire";
import { readMessages } from "./read-message.ts";
import { readTool, readToolChoice } from "./read-tool.ts";
import { writeEnding, writeResult } from "./write-answer.ts";
import { StreamWriter } from "./write-stream.ts";

/** The schemas that LangChain takes for an output: of zod, of any Standard Schema, or JSON Schema. */
type SchemaOf<Output extends Record<string, unknown>> = Parameters<typeof createContentParser<Output>>[0];

/** What every call of a model asks for. */
export interface ChatFields {
  readonly model: Model;
  readonly settings?: ChatSettings | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly notify?: ((notice: Notice) => void) | undefined;
}

/** What a request of ours says besides its messages and tools. */
export type ChatSettings = Omit<Prompt, "messages" | "tools" | "toolChoice" | "output" | "stop">;

/** Options of a call, beside those of LangChain. */
export interface ChatOptions extends BaseChatModelCallOptions, ChatSettings {
  readonly tools?: BindToolsInput[];
  /** Answer with JSON, as our requests say it. */
  readonly output?: OutputSchema;
  /** Who and what for, for budgets, cache scopes, routing and logs. */
  readonly spendTags?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

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
  "providerOptions",
] as const satisfies readonly (keyof ChatSettings)[];

/** A model of ours as LangChain's chat model. Its contract is a class to extend; there is no other way to be one. */
export class PlugboardChat extends BaseChatModel<ChatOptions> {
  readonly #fields: ChatFields;

  constructor(fields: ChatFields) {
    super({});
    this.#fields = fields;
  }

  static override lc_name(): string {
    return "PlugboardChat";
  }

  override _llmType(): string {
    return "plugboard";
  }

  override getLsParams({ stop }: this["ParsedCallOptions"]): LangSmithParams {
    const { provider, id } = this.#fields.model;
    return { ls_model_type: "chat", ls_provider: provider, ls_model_name: id, ...(stop && { ls_stop: stop }) };
  }

  override _identifyingParams(): Record<string, unknown> {
    // Whoever caches must not take one model's answers for another's.
    return { model: this.#fields.model.fingerprint, ...this.#fields.settings };
  }

  override invocationParams(options?: this["ParsedCallOptions"]): Record<string, unknown> {
    const { model, settings } = this.#fields;
    const { tools, tool_choice, output, stop } = options ?? {};
    return {
      model: model.id,
      fingerprint: model.fingerprint,
      ...settings,
      ...picked(options ?? {}),
      tools: tools?.map(readTool),
      tool_choice,
      output,
      stop,
    };
  }

  override bindTools(
    tools: BindToolsInput[],
    options: Partial<ChatOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, ChatOptions> {
    return this.withConfig({ ...options, tools: tools.map(readTool) });
  }

  // Held to the schema by the provider, where it can; by a call of a tool where that is asked for.
  override withStructuredOutput<Output extends Record<string, unknown>>(
    schema: SchemaOf<Output>,
    options?: StructuredOutputMethodOptions,
  ): Runnable<BaseLanguageModelInput, Output>;
  override withStructuredOutput<Output extends Record<string, unknown>>(
    schema: SchemaOf<Output>,
    options?: StructuredOutputMethodOptions<true>,
  ): Runnable<BaseLanguageModelInput, { raw: BaseMessage; parsed: Output }>;
  override withStructuredOutput<Output extends Record<string, unknown>>(
    schema: SchemaOf<Output>,
    options: StructuredOutputMethodOptions<boolean> = {},
  ): Runnable<BaseLanguageModelInput, Output> | Runnable<BaseLanguageModelInput, { raw: BaseMessage; parsed: Output }> {
    const { method = "jsonSchema", name, includeRaw = false, strict } = options;
    const runName = includeRaw ? "StructuredOutputRunnable" : "StructuredOutput";
    if (method === "functionCalling") {
      const { schema: input = {}, name: called = "extract", description } = outputOf(schema, name);
      const calling = this.bindTools([{ name: called, description, input }], { tool_choice: called });
      return assembleStructuredOutputPipeline(
        calling,
        createFunctionCallingParser<Output>(schema, called),
        includeRaw,
        runName,
      );
    }
    if (method !== "jsonSchema" && method !== "jsonMode") {
      throw new ModelError(`\`method\` must be jsonSchema, jsonMode or functionCalling; it is "${method}".`, {
        code: "invalid-request",
      });
    }
    if (strict === false) {
      throw new ModelError("`strict: false` cannot be said to every provider; use the method functionCalling.", {
        code: "unsupported",
      });
    }
    const held = this.withConfig({ output: method === "jsonMode" ? {} : outputOf(schema, name) });
    return assembleStructuredOutputPipeline(held, createContentParser<Output>(schema), includeRaw, runName);
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const result = await this.#asked(options, () => this.#fields.model.generate(this.#request(messages, options)));
    return chatResult(result);
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const request = this.#request(messages, options);
    const reply = await this.#asked(options, () => this.#fields.model.stream(request));
    const names = request.tools?.flatMap((tool) => (tool.type === "provider" ? [] : [tool.name]));
    const writer = new StreamWriter(reply.start, new Set(names));
    try {
      for (;;) {
        const events = await this.#asked(options, () => reply.pull());
        if (!events) return;
        for (const event of events) {
          const chunk = writer.write(event);
          if (!chunk) continue;
          const text = typeof chunk.content === "string" ? chunk.content : chunk.text;
          const generation = new ChatGenerationChunk({ message: chunk, text });
          yield generation;
          await run?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk: generation });
        }
      }
    } finally {
      reply.cancel();
    }
  }

  #request(messages: readonly BaseMessage[], options: this["ParsedCallOptions"]): ModelRequest {
    const { settings, tags, notify } = this.#fields;
    const { tools, tool_choice, output, stop, signal, spendTags, headers } = options;
    const toolChoice = tools && tools.length > 0 ? readToolChoice(tool_choice) : undefined;
    const both = { ...tags, ...spendTags };
    return {
      ...settings,
      ...picked(options),
      messages: readMessages(messages),
      ...(tools && tools.length > 0 && { tools: tools.map(readTool) }),
      ...(toolChoice !== undefined && { toolChoice }),
      ...(output && { output }),
      ...(stop && stop.length > 0 && { stop }),
      ...(signal && { signal }),
      ...(headers && { headers }),
      ...(Object.keys(both).length > 0 && { tags: both }),
      ...(notify && { notify }),
    };
  }

  /** Who calls off gets the reason of the signal, as LangChain's own models have it. */
  async #asked<Value>({ signal }: this["ParsedCallOptions"], ask: () => Promise<Value>): Promise<Value> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof ModelError && error.code === "aborted" && signal?.aborted) throw signal.reason;
      throw error;
    }
  }
}

function chatResult(result: ModelResult): ChatResult {
  const message = writeResult(result);
  const { usage_metadata: usage } = writeEnding(result);
  return {
    generations: [{ message, text: message.text }],
    llmOutput: usage
      ? {
          tokenUsage: {
            promptTokens: usage.input_tokens,
            completionTokens: usage.output_tokens,
            totalTokens: usage.total_tokens,
          },
        }
      : {},
  };
}

function outputOf(schema: Parameters<typeof toJsonSchema>[0], name: string | undefined): OutputSchema {
  const jsonSchema = without(JSON.parse(JSON.stringify(toJsonSchema(schema))) as JsonSchema, "$schema");
  const called = (name ?? stringOf(jsonSchema["title"]))?.replaceAll(/[^A-Za-z0-9_-]/g, "_");
  const description = stringOf(jsonSchema["description"]);
  return { schema: jsonSchema, ...(called && { name: called }), ...(description !== undefined && { description }) };
}

function picked(options: Partial<ChatOptions>): ChatSettings {
  return Object.fromEntries(
    settingNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  ) as ChatSettings;
}
