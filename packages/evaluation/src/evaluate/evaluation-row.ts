import type {
  Json,
  JsonObject,
  Message,
  Measurement,
  Prompt,
  StandardIssue,
  StandardSchema,
  Usage,
} from "@plugboard/core";

/**
 * The usual shape of a row. Only something to ask must be there, `prompt` or `messages`; scorers say which other fields they read.
 * Rows of another shape come with a schema, and with `ask` to say what is asked.
 */
export interface EvaluationRow {
  /** The item's name, once in a dataset. @default the number of the row, from 1 */
  readonly id?: string | number;
  /** What is asked, as one message of a user. */
  readonly prompt?: string;
  /** What is asked, as a conversation. */
  readonly messages?: readonly Message[];
  /** What else belongs to the question: tools, a schema, a temperature. */
  readonly request?: Omit<Prompt, "messages">;
  /** What a right answer is; scorers say how they read it. */
  readonly expected?: Json;
  /** The group that the item belongs to: `segments.task`. */
  readonly task?: string;
  /** More groups, by the name of the grouping. */
  readonly segments?: Readonly<Record<string, string>>;
  /** Items that are not independent of each other share one: a conversation, a document, a user. */
  readonly cluster?: string;
  /** Answers that were recorded, by model: they are scored and nobody is asked. */
  readonly models?: Readonly<Record<string, RecordedAnswer>>;
}

/** An answer that a dataset carries. */
export interface RecordedAnswer {
  /** The text. */
  readonly output?: string | null;
  /** The tools that it asked for. */
  readonly toolCalls?: readonly { readonly name: string; readonly input: Json }[];
  /** What someone thought of it, from 0 to 1: read by the scorer `recorded()`. */
  readonly score?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Instead of the two above. */
  readonly usage?: Usage;
  /** US dollars. */
  readonly costUSD?: number;
  /** Milliseconds to the end of the answer. */
  readonly latencyMs?: number;
  /** Milliseconds to its first content. */
  readonly firstContentMs?: number;
  readonly finishReason?: NonNullable<Measurement["finishReason"]>;
  /** Why there is no answer. */
  readonly error?: NonNullable<Measurement["error"]>;
}

/** What a field of the usual shape must be, in the words of an error. */
const shapes: Readonly<Record<string, { readonly fits: (value: unknown) => boolean; readonly expected: string }>> = {
  id: { fits: (value) => typeof value === "string" || typeof value === "number", expected: "a text or a number" },
  prompt: { fits: isText, expected: "a text" },
  messages: { fits: (value) => Array.isArray(value) && value.length > 0, expected: "a list of messages" },
  request: { fits: isObject, expected: "an object" },
  task: { fits: isText, expected: "a text" },
  segments: { fits: (value) => isObject(value) && Object.values(value).every(isText), expected: "an object of texts" },
  cluster: { fits: isText, expected: "a text" },
  models: {
    fits: (value) => isObject(value) && Object.values(value).every(isObject),
    expected: "an object with an answer for each model",
  },
};

/** Checks rows of the usual shape; fields that it does not know pass. */
export const evaluationRow: StandardSchema<unknown, EvaluationRow> = {
  "~standard": {
    version: 1,
    vendor: "plugboard",
    validate(value) {
      if (!isObject(value)) return { issues: [{ message: "expected an object" }] };
      const issues: StandardIssue[] = [];
      for (const name of Object.keys(shapes)) {
        const { fits, expected } = shapes[name]!;
        const field = value[name];
        if (field != null && !fits(field)) issues.push({ path: [name], message: `expected ${expected}` });
      }
      return issues.length > 0 ? { issues } : { value };
    },
  },
};

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
