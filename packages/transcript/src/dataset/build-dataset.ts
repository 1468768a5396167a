import { ModelError, checkOption } from "@plugboard/core";
import type { Json, Message, ModelKey, NanoDollars, TokenCounter } from "@plugboard/core";
import type { Conversation } from "../conversation.ts";
import { scrubbedConversation } from "../log/scrubbed.ts";
import { fractionOf } from "../fraction-of.ts";
import { fieldOf } from "../stream/problem-of.ts";
import { exampleAsJson } from "./example-as-json.ts";
import { faultOf, imagesOf } from "./fault-of.ts";
import { digest, nearlyBeginningOf, said } from "./said.ts";
import { isPair } from "./training-example.ts";
import type { TrainingExample } from "./training-example.ts";
import { writeExample } from "./training-format.ts";
import type { TrainingFormat } from "./training-format.ts";

/** What a training set is made of, and how. */
export interface DatasetOptions {
  readonly format: TrainingFormat;
  /** Which part of the conversations is kept to try the model on, from 0 to 1. @default 0 */
  readonly validation?: number;
  /** Another one draws other conversations. @default "" */
  readonly seed?: string;
  /** What conversations are told apart by: those with one name are all learnt or all tried. @default how they begin, up to the first question; numbers, dates, ids, case and punctuation do not matter, so near twins are together */
  readonly groupOf?: (conversation: Conversation) => string;
  /** Whether an example that says the same as one before is left out; case and white space do not matter. @default true */
  readonly deduplicate?: boolean;
  /** Takes out of every text what nobody is to learn: `scrubber` of `@plugboard/middleware` makes one. @default nothing is taken out */
  readonly scrub?: (text: string) => string;
  /** Counts tokens, such as `countTokens` of `@plugboard/tokens`. @default they are not counted */
  readonly count?: TokenCounter;
  /** The model that is to learn, for the count. @default one of OpenAI's, whose tokens stand for those of others */
  readonly model?: ModelKey;
  /** Which answers of a conversation are learnt: of a log, the earlier ones are answers of other calls. @default "every" */
  readonly learn?: "every" | "last";
  /** Tokens that an example may have; longer ones are left out. They are counted, if `count` is there. @default what the trainer takes */
  readonly mostTokens?: number;
  /** What training costs, in US dollars for a million tokens. @default unknown */
  readonly price?: number;
  /** The day on which that was the price, for the report: `2026-11-25`. @default it is not told */
  readonly pricedOn?: string;
  /** How often each example is learnt. @default 1 */
  readonly epochs?: number;
  /** Told of each example that is left out, with its number from 1 and why. */
  readonly onProblem?: (problem: DatasetProblem) => void | Promise<void>;
}

/** An example that cannot be learnt from. */
export interface DatasetProblem {
  /** Counted from 1. */
  readonly example: number;
  /** Where it stands in the file that it was read from, counted from 1; absent where that is not known. */
  readonly line?: number;
  readonly item?: number;
  /** The member that is wrong: `messages[2]`. */
  readonly field?: string;
  /** A sentence: what is wrong, and what was expected. */
  readonly message: string;
  /** The example: its conversations as our own lines have them. */
  readonly input: Json;
}

/** One line of a training set. */
export interface DatasetLine {
  readonly split: "train" | "validation";
  readonly line: string;
}

/** What has become of the examples so far. */
export interface DatasetReport {
  readonly train: number;
  readonly validation: number;
  readonly duplicates: number;
  /** Left out, since they cannot be learnt from. */
  readonly problems: number;
  /** Of the examples to learn, once through; absent where they are not counted. */
  readonly tokens?: number;
  /** The counts are estimates, or no more than upper bounds. */
  readonly estimated?: true;
  /** Of all epochs, in nano-dollars; absent where tokens or price are not known. */
  readonly cost?: NanoDollars;
  /** What `cost` is reckoned with: US dollars for a million tokens, and the day on which that was the price. */
  readonly price?: { readonly dollars: number; readonly on?: string };
  /** How often what was lost. */
  readonly losses: Readonly<Record<string, number>>;
  /** What the trainer will not take about the set as a whole. */
  readonly warnings: readonly string[];
}

/** Lines of a training set; read once. */
export interface Dataset extends AsyncIterable<DatasetLine> {
  readonly report: DatasetReport;
}

/**
 * Makes a training set: checks every example, takes out what nobody is to learn and what is there twice, splits by conversation, counts.
 * Only the hashes of examples are kept in memory.
 *
 * @throws {ModelError} `invalid-request` for an option that is out of range; `unsupported` for `learn` where the trainer has no weights
 * @example
 * const set = buildDataset(conversations, { format: trainingFormatNamed("openai"), validation: 0.1, count: countTokens, price: 25 });
 * for await (const { split, line } of set) files[split].write(`${line}\n`);
 * console.log(set.report.tokens, set.report.cost);
 */
export function buildDataset(
  examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>,
  options: DatasetOptions,
): Dataset {
  checkOption("validation", options.validation ?? 0, { least: 0, most: 1 });
  checkOption("epochs", options.epochs ?? 1, { least: 1, whole: true });
  checkOption("price", options.price ?? 0, { least: 0 });
  if (options.learn === "last" && !options.format.weights)
    throw new ModelError(`\`learn\` must be "every": ${options.format.title} has no weights of answers.`, {
      code: "unsupported",
    });
  const counts: Counts = {
    train: 0,
    validation: 0,
    duplicates: 0,
    problems: 0,
    tokens: 0,
    estimated: false,
    losses: {},
    images: 0,
    bytes: 0,
  };
  return {
    get report() {
      return reportOf(counts, options);
    },
    [Symbol.asyncIterator]: () => lines(examples, options, counts),
  };
}

interface Counts {
  train: number;
  validation: number;
  duplicates: number;
  problems: number;
  tokens: number;
  estimated: boolean;
  /** Examples to learn with images. */
  images: number;
  /** Of the lines to learn. */
  bytes: number;
  readonly losses: Record<string, number>;
}

/** OpenAI's own; what other models count differs by some tenths. */
const usualModel: ModelKey = { provider: "openai", id: "gpt-4o" };

async function* lines(
  examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>,
  options: DatasetOptions,
  counts: Counts,
): AsyncGenerator<DatasetLine, void, undefined> {
  const {
    format,
    validation = 0,
    seed = "",
    groupOf = ({ messages }) => nearlyBeginningOf(messages),
    deduplicate = true,
    scrub,
    onProblem,
  } = options;
  const seen = new Set<string>();
  let number = 0;
  for await (const given of examples) {
    number++;
    const example = scrub ? await scrubbedExample(given, scrub) : given;
    const fault = faultOf(example, format) ?? (await tooLong(example, options));
    if (fault !== undefined) {
      counts.problems++;
      const field = fieldOf(fault);
      const problem = { example: number, ...(field !== undefined && { field }), message: fault };
      await onProblem?.({ ...problem, input: await exampleAsJson(example) });
      continue;
    }
    const words = digest(wordsOf(example));
    if (deduplicate && seen.has(words)) {
      counts.duplicates++;
      continue;
    }
    seen.add(words);
    const group = groupOf(isPair(example) ? example.prompt : example);
    const split = fractionOf(`${seed} ${group}`) < validation ? "validation" : "train";
    const { json, losses } = await writeExample(example, format, options.learn);
    for (const { what } of losses) counts.losses[what] = (counts.losses[what] ?? 0) + 1;
    const line = JSON.stringify(json);
    if (split === "train") {
      await countExample(example, options, counts);
      counts.bytes += Buffer.byteLength(line) + 1;
      if (imagesOf((isPair(example) ? example.prompt : example).messages).length > 0) counts.images++;
    }
    counts[split]++;
    yield { split, line };
  }
}

async function scrubbedExample(example: TrainingExample, scrub: (text: string) => string): Promise<TrainingExample> {
  if (!isPair(example)) return scrubbedConversation(example, scrub);
  const { prompt, chosen, rejected } = example;
  const answers = await scrubbedConversation({ messages: [chosen, rejected] }, scrub);
  const [better, worse] = answers.messages;
  return {
    prompt: await scrubbedConversation(prompt, scrub),
    chosen: better as typeof chosen,
    rejected: worse as typeof rejected,
  };
}

async function tooLong(example: TrainingExample, options: DatasetOptions): Promise<string | undefined> {
  const { count, format, mostTokens = format.mostTokens ?? Infinity } = options;
  if (!count || mostTokens === Infinity) return undefined;
  const { tokens } = await tokensOf(example, count, options.model);
  return tokens > mostTokens ? `The example has ${tokens} tokens; ${mostTokens} are taken.` : undefined;
}

async function countExample(example: TrainingExample, { count, model }: DatasetOptions, counts: Counts): Promise<void> {
  if (!count) return;
  const { tokens, isExact } = await tokensOf(example, count, model);
  counts.tokens += tokens;
  counts.estimated ||= !isExact;
}

async function tokensOf(
  example: TrainingExample,
  count: TokenCounter,
  model = usualModel,
): Promise<{ readonly tokens: number; readonly isExact: boolean }> {
  const talks = isPair(example)
    ? [withAnswer(example.prompt, example.chosen), withAnswer(example.prompt, example.rejected)]
    : [example];
  let tokens = 0;
  let isExact = true;
  for (const { messages, tools } of talks) {
    const counted = await count({ messages, ...(tools && { tools }) }, model);
    tokens += counted.tokens;
    isExact &&= counted.bound === "exact";
  }
  return { tokens, isExact };
}

function withAnswer(prompt: Conversation, answer: Message): Conversation {
  return { ...prompt, messages: [...prompt.messages, answer] };
}

/** What an example says, however it is written. */
function wordsOf(example: TrainingExample): string {
  if (!isPair(example)) return said(example.messages);
  return said([...example.prompt.messages, example.chosen, example.rejected]);
}

function reportOf(counts: Counts, options: DatasetOptions): DatasetReport {
  const { train, validation, duplicates, problems, tokens, estimated, losses } = counts;
  const { count, price, pricedOn, epochs = 1 } = options;
  return {
    train,
    validation,
    duplicates,
    problems,
    ...(count && { tokens }),
    ...(count && estimated && { estimated }),
    // A dollar for a million tokens is a thousand nano-dollars for each.
    ...(count &&
      price !== undefined && {
        cost: Math.ceil(tokens * epochs * price * 1000),
        price: { dollars: price, ...(pricedOn !== undefined && { on: pricedOn }) },
      }),
    losses,
    warnings: warningsOf(counts, options),
  };
}

function warningsOf({ train, validation: tried, images, bytes }: Counts, options: DatasetOptions): string[] {
  const { format, validation = 0 } = options;
  const { title, fewest = 1, mostBytes = Infinity, images: { mostExamples = Infinity } = {}, notice } = format;
  return [
    ...(train < fewest ? [`${title} wants ${fewest} examples or more; there are ${train}.`] : []),
    ...(images > mostExamples ? [`${title} takes ${mostExamples} examples with images; there are ${images}.`] : []),
    ...(bytes > mostBytes ? [`${title} takes files of ${mostBytes} bytes; it has ${bytes}.`] : []),
    ...(validation > 0 && validation < 1 && train + tried > 1 && (train === 0 || tried === 0)
      ? ["All examples went to one side: they begin alike, or are few. `groupOf` may tell them apart otherwise."]
      : []),
    ...(notice === undefined ? [] : [notice]),
  ];
}
