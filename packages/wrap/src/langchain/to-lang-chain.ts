import type { Model, Notice } from "@plugboard/core";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ChatOptions, ChatSettings } from "./chat.ts";
import { PlugboardChat } from "./chat.ts";

/** A chat model of LangChain.js that also takes tools, and the options of ours. */
export type LangChainModel = BaseChatModel<ChatOptions> & Required<Pick<BaseChatModel<ChatOptions>, "bindTools">>;

/** What every call says. */
export interface ToLangChainOptions {
  /** Settings of every call; a call's own win: `chat.invoke(input, { temperature: 0 })`. */
  readonly settings?: ChatSettings;
  /** Who and what for; those of one call are its option `spendTags`, and win. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Told what happens on the way. */
  readonly notify?: (notice: Notice) => void;
}

/**
 * Any `Model` as a chat model of LangChain.js: `invoke`, `stream`, `batch`, `bindTools`, `withStructuredOutput`, agents and graphs.
 *
 * `usage_metadata` is there when the provider told both counts. What LangChain has no word for (cost, attempts, warnings) is in
 * `response_metadata.plugboard`; thoughts with signatures and arguments as they were written go along in `additional_kwargs.plugboard`,
 * so that a conversation comes back to the model as it was. Failures are our `ModelError`s; LangChain does not repeat them.
 *
 * @example
 * const chat = toLangChain(fallback([openai("gpt-4o"), anthropic("claude-sonnet-4-5")]));
 * const answer = await chat.bindTools([weather]).invoke("Is it warm in Lisbon?");
 */
export function toLangChain(model: Model, { settings, tags, notify }: ToLangChainOptions = {}): LangChainModel {
  return new PlugboardChat({ model, settings, tags, notify });
}
