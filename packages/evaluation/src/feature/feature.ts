import type {
  CallOptions,
  Json,
  Model,
  ModelReply,
  ModelRequest,
  ModelResult,
  ObjectReply,
  Prompt,
  Schema,
  SchemaOutput,
  StandardSchema,
} from "@plugboard/core";
import type { Dataset } from "../dataset/row-source.ts";
import type { CompareOptions } from "../parity/compare.ts";
import type { Scorers } from "../scorer.ts";

/** What a model is asked: messages with the settings that belong to them, or one message of a user. */
export type FeaturePrompt = Omit<Prompt, "output" | "suffix"> | string;

/** Settings of one model: they outweigh those that its prompt gives. */
export type FeatureSettings = Omit<Prompt, "messages" | "output" | "suffix">;

/** One model of a feature, where it wants a prompt or settings of its own. */
export interface FeatureVariant<Input> {
  readonly model: Model;
  /** @default the feature's own */
  readonly prompt?: (input: Input) => FeaturePrompt;
  /** @default none but the prompt's */
  readonly settings?: FeatureSettings;
}

/** A row of a feature's dataset. */
export interface FeatureRow<Given = unknown> {
  /** What the feature is given. */
  readonly input: Given;
  /** What a right answer is; scorers say how they read it. */
  readonly expected?: Json;
  /** The item's name, once in a dataset. @default the number of the row, from 1 */
  readonly id?: string | number;
  /** The group that the item belongs to: `segments.task`. */
  readonly task?: string;
  /** More groups, by the name of the grouping. */
  readonly segments?: Readonly<Record<string, string>>;
  /** Items that are not independent of each other share one: a conversation, a document, a user. */
  readonly cluster?: string;
}

/** What must hold of a model before it may take another's place in a feature: the options of `parity`, and what is asked. */
export interface FeatureChecks<Given = unknown> extends Omit<CompareOptions, "baseline" | "candidate"> {
  /** Rows with the feature's `input` and, where scorers ask for it, what is `expected`: `jsonl("tickets.jsonl")`, or a list. */
  readonly dataset: Dataset;
  /** They see the feature's output as `text`: as it is, or as JSON where there is an output schema. */
  readonly scorers: Scorers<FeatureRow<Given>>;
  /** How often each model is asked each item. @default 1 */
  readonly repeats?: number;
}

/** What a feature is made of. */
export interface FeatureParts<Given, Input, Of extends Schema | undefined, Name extends string> {
  /** Letters, digits, `_` and `-`: it tags every call (`feature`) and names the output schema. */
  readonly name: string;
  /** What `run` takes: a schema of zod or any library that speaks Standard Schema. */
  readonly input: StandardSchema<Given, Input>;
  /** What comes out. @default text */
  readonly output?: Of;
  /**
   * What is asked. It depends on its input alone (the day, say, comes in with it), so that what is measured offline is what is asked later.
   */
  readonly prompt: (input: Input) => FeaturePrompt;
  /** Who may answer, by a name for each; the first is asked unless told otherwise. */
  readonly models: Readonly<Record<Name, Model | FeatureVariant<Input>>>;
  /** How often to ask again after an answer that is not what `output` says. @default 1 */
  readonly repair?: number;
  /**
   * What must hold of a model before it may take the first one's place. As a function they are loaded when they are needed, so that an application
   * which runs the feature loads no reader of datasets: `checks: () => import("./triage.checks.ts").then(({ checks }) => checks)`.
   */
  readonly checks?: FeatureChecks<Given> | (() => FeatureChecks<Given> | Promise<FeatureChecks<Given>>);
}

/** The circumstances of one run. */
export interface FeatureCall<Name extends string = string> extends CallOptions {
  /** Who is asked. @default the first of the feature's models */
  readonly model?: Name;
}

/** What came of one run. */
export interface FeatureAnswer<Output, Name extends string = string> {
  readonly output: Output;
  /** Who answered, by its name in the feature. */
  readonly model: Name;
  /** The answer that it came in, with its usage, attempts and cost. */
  readonly result: ModelResult;
}

/** What a feature gives: a value of its output schema, or text. */
export type FeatureOutput<Of extends Schema | undefined> = Of extends Schema ? SchemaOutput<Of> : string;

/** What a feature gives as it is being written: partial objects, or a reply. */
export type FeatureStream<Of extends Schema | undefined> = Of extends Schema ? ObjectReply<Of> : ModelReply;

/** A thing that can be run: a feature, or one of which a migration says who answers. */
export interface FeatureRun<Given, Of extends Schema | undefined, Name extends string> {
  /**
   * Checks the input, asks, and checks the output.
   *
   * @throws {ModelError} `invalid-request` if the input does not fit, with the field; `parse` if the output does not; and whatever the model does
   */
  run(input: Given, call?: FeatureCall<Name>): Promise<FeatureAnswer<FeatureOutput<Of>, Name>>;
}

/** One thing that an application asks models for: its prompt, its schemas, its models and its checks in one place. Made by `defineFeature`. */
export interface Feature<
  Given = unknown,
  Of extends Schema | undefined = Schema | undefined,
  Name extends string = string,
> extends FeatureRun<Given, Of, Name> {
  readonly name: string;
  /** Who may answer, the first by default. */
  readonly models: Readonly<Record<Name, Model>>;
  readonly input: StandardSchema;
  readonly output: Of;
  /** What must hold before one model takes another's place; undefined where the feature does not say. */
  checks(): Promise<FeatureChecks | undefined>;
  /** What a model would be asked of an input: its own prompt and settings. @throws {ModelError} `invalid-request` if the input does not fit */
  request(input: Given, call?: FeatureCall<Name>): Promise<ModelRequest>;
  /**
   * As `run`, but settles at the first content: partial objects of a feature with an output schema, a reply of one without.
   *
   * @throws {ModelError} `invalid-request` if the input does not fit, with the field; and what went wrong before the first content
   */
  stream(input: Given, call?: FeatureCall<Name>): Promise<FeatureStream<Of>>;
}
