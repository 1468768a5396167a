import { text } from "node:stream/consumers";
import type { Model, ModelRequest, ModelResult, Notice } from "@plugboard/core";
import { cost, retry } from "plugboard";
import { UsageError, flag, numberOption, textOption } from "../command.ts";
import type { Command, Given } from "../command.ts";
import { configuredModel } from "../configured-model.ts";
import { modelNamed } from "../model-named.ts";
import { dim } from "../terminal.ts";
import type { Terminal } from "../terminal.ts";

/** `plugboard ask`: one question to any model or tier, streamed. */
export const askCommand: Command = {
  name: "ask",
  summary: "Ask any model one question, and read the answer as it comes.",
  usage:
    "ask <provider/model | model or tier of the configuration> [question…] [options]   (what is piped in stands before the question)",
  options: {
    tier: { type: "string", short: "t" },
    config: { type: "string", short: "c" },
    system: { type: "string", short: "s" },
    "max-tokens": { type: "string" },
    temperature: { type: "string" },
    reasoning: { type: "boolean" },
    json: { type: "boolean" },
  },
  help: {
    tier: "a tier of the configuration, in place of a model",
    config: "the configuration; plugboard.yaml, plugboard.yml or plugboard.config.ts unless told",
    system: "what the model is told to be",
    "max-tokens": "how long the answer may be",
    temperature: "from 0 on",
    reasoning: "show what it thinks, on stderr",
    json: "the whole result as JSON, at the end",
  },
  async run(given, terminal) {
    const { words, find } = askedOf(given);
    const model = (await find()).with(cost(), retry());
    const request = requestOf(given, await questionOf(words, terminal), terminal);
    const result = flag(given, "json")
      ? await model.generate(request)
      : await streamed(await model.stream(request), given, terminal);
    if (flag(given, "json")) terminal.out.write(`${JSON.stringify(result, undefined, 2)}\n`);
    tell(result, terminal);
    return result.finishReason === "stop" || result.finishReason === "tool-calls" ? 0 : 1;
  },
};

/** Whom to ask, by the first word or `--tier`; and the words of the question. */
function askedOf(given: Given): { readonly words: readonly string[]; readonly find: () => Promise<Model> } {
  const [tier, path] = [textOption(given, "tier"), textOption(given, "config")];
  if (tier !== undefined) {
    return { words: given.words, find: () => configuredModel({ name: tier, kind: "tier", path }) };
  }
  const [name, ...words] = given.words;
  if (name === undefined) throw new UsageError("Say which model, such as openai/gpt-4o, or which --tier.");
  const find = () => (name.includes("/") ? modelNamed(name) : configuredModel({ name, kind: "model or tier", path }));
  return { words, find };
}

async function questionOf(words: readonly string[], { input }: Terminal): Promise<string> {
  // Where words are given, an input that stays open (a service, a cron job) must not be waited for.
  const piped = words.length === 0 || words.at(-1) === "-" ? input && (await text(input)) : undefined;
  const asked = words.filter((word, place) => !(word === "-" && place === words.length - 1)).join(" ");
  const question = [piped?.trim(), asked].filter(Boolean).join("\n\n");
  if (question) return question;
  throw new UsageError("Say what to ask, or pipe it in.");
}

function requestOf(given: Given, question: string, { signal, error }: Terminal): ModelRequest {
  const system = textOption(given, "system");
  const [maxOutputTokens, temperature] = [numberOption(given, "max-tokens"), numberOption(given, "temperature")];
  const notify = (notice: Notice): void => {
    if (notice.type === "retry") error.write(dim(`asking again (${notice.attempt})…\n`, error));
  };
  return {
    messages: [
      ...(system === undefined ? [] : [{ role: "system", content: system } as const]),
      { role: "user", content: question },
    ],
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    signal,
    notify,
  };
}

async function streamed(
  reply: Awaited<ReturnType<Awaited<ReturnType<typeof modelNamed>>["stream"]>>,
  given: Given,
  { out, error }: Terminal,
): Promise<ModelResult> {
  const thinks = flag(given, "reasoning");
  for await (const event of reply) {
    if (event.type === "text-delta") out.write(event.text);
    else if (event.type === "reasoning-delta" && thinks) error.write(dim(event.text, error));
  }
  out.write("\n");
  return reply.result();
}

/** Which model answered, what it used and what that costs; and what could not be said to it. */
function tell({ model, usage, cost, finishReason, warnings }: ModelResult, { error }: Terminal): void {
  for (const { message } of warnings) error.write(`warning: ${message}\n`);
  const tokens = `${usage.input ?? "?"} tokens in, ${usage.output ?? "?"} out`;
  const price = cost ? `$${(cost.total / 1e9).toFixed(6)}` : "price unknown";
  error.write(dim(`${model}: ${tokens}, ${price}, ${finishReason}\n`, error));
}
