import { ModelError, ModelReply, defineModel, eventsOf } from "@plugboard/core";
import type { Json, Model, ModelEvent, ModelRequest, ModelResult } from "@plugboard/core";
import { listOf, objectOf, stringOf } from "@plugboard/wire";
import { StoredFiles } from "../plugboard/stored-file.ts";
import { sortedJson } from "../sorted-json.ts";
import { writePrompt } from "./call-line.ts";
import type { LoggedCall } from "./logged-call.ts";
import { givenOver, timesOf, waitFor } from "./recorded-pace.ts";
import { scrubbedPrompt } from "./scrubbed.ts";

/** How a recording is answered from: which questions are the same, and what is answered when one was not recorded. */
export type ReplayOptions = ReplayRules & ReplayMode;

/** Which questions are the same. */
export interface ReplayRules {
  /** Changes every text of a question before it is looked for: what `record` or `writeFixture` was given. @default as it is asked */
  readonly scrub?: (text: string) => string;
  /**
   * `recorded`: answers take as long as they took, streams word by word between their first content and their end. @default "none": they are there at once
   */
  readonly pace?: "recorded" | "none";
}

/** What is answered when a question was not recorded. */
type ReplayMode =
  /** Each recorded answer is given once, to just the question that it was given to; anything else is refused, with what differs. */
  | { readonly mode?: "strict" }
  /** White space and settings do not matter, an answer may be given again, and what was not recorded gets the next that was not given. */
  | { readonly mode: "lenient" }
  /**
   * What was not recorded of this model is asked of it; with the layer `record` around it, it is there the next time. Answers of other
   * models do not count: whoever changes the model sees the new one's.
   */
  | { readonly mode: "record-missing"; readonly model: Model };

/** One recorded call, and how it is found. */
interface Entry {
  readonly call: LoggedCall;
  readonly question: string;
  readonly words: string;
  isGiven: boolean;
}

/**
 * A model that answers from a recording, so that the tests of an application run offline and for nothing. Failures are given again, too;
 * calls that were let go are left out.
 *
 * @throws {ModelError} from the calls: `not-found` for a question that was not recorded; what the recorded call failed with
 * @example
 * const model = replay(readLog(createReadStream("fixtures/calls.jsonl")));
 * const answer = await model.generate("What is the capital of Portugal?");
 * @example
 * const log = record(fileLog("fixtures/calls.jsonl"));
 * const model = replay(readLog(createReadStream("fixtures/calls.jsonl")), { mode: "record-missing", model: openai("gpt-4o").with(log) });
 */
export function replay(
  recording: Iterable<LoggedCall> | AsyncIterable<LoggedCall>,
  options: ReplayOptions = {},
): Model {
  return answersFrom(recording, options).model;
}

/** A model that answers from a recording, and how many calls of it have not been asked for. */
export function answersFrom(
  recording: Iterable<LoggedCall> | AsyncIterable<LoggedCall>,
  options: ReplayOptions = {},
): { readonly model: Model; readonly unused: () => Promise<number> } {
  let entries: Promise<Entry[]> | undefined;
  const read = (): Promise<Entry[]> => (entries ??= entriesOf(recording, options));

  const model = defineModel({
    provider: "recorded",
    id: "recorded",
    // Whoever stands behind tells of its own attempts.
    ...(options.mode === "record-missing" && { models: [options.model] }),
    async call(request) {
      const known = await read();
      const { question, words } = await askedOf(request, options.scrub);
      const found = options.mode === "lenient" ? nearest(known, question, words) : next(known, question);
      if (found) {
        found.isGiven = true;
        return answerOf(found.call, request, options.pace ?? "none");
      }
      if (options.mode === "record-missing") return options.model.call(request);
      throw missing(known, question);
    },
  });
  return { model, unused: async () => (await read()).filter(({ isGiven }) => !isGiven).length };
}

async function entriesOf(
  recording: Iterable<LoggedCall> | AsyncIterable<LoggedCall>,
  options: ReplayOptions,
): Promise<Entry[]> {
  const only = options.mode === "record-missing" ? options.model : undefined;
  const entries: Entry[] = [];
  for await (const call of recording) {
    if (call.outcome === "cancelled") continue;
    if (only && (call.provider !== only.provider || call.model !== only.id)) continue;
    entries.push({ call, ...(await askedOf(call.request, undefined)), isGiven: false });
  }
  // A log has calls as they ended; of two to one question, the one that was asked first is answered first.
  return entries.toSorted((a, b) => a.call.started - b.call.started);
}

/** The question alone, so that two that are the same read the same; and its words, for who is lenient. */
async function askedOf(
  request: ModelRequest,
  scrub: ((text: string) => string) | undefined,
): Promise<Pick<Entry, "question" | "words">> {
  const { signal, deadline, attemptTimeout, headers, tags, notify, admit, stream, ...prompt } = request;
  const written = await writePrompt(prompt, new StoredFiles(undefined));
  const asked = scrub ? scrubbedPrompt(written, scrub) : written;
  return { question: sortedJson(asked), words: wordsOf(listOf(asked["messages"])) };
}

function wordsOf(messages: readonly Json[]): string {
  const said = messages.map((value) => {
    const { role, content } = objectOf(value) ?? {};
    const parts =
      typeof content === "string" ? [{ text: content }] : listOf(content).map((part) => objectOf(part) ?? {});
    const text = parts
      .map((part) => stringOf(part["text"]) ?? ("output" in part ? sortedJson(part["output"]) : ""))
      .join(" ");
    return `${stringOf(role) ?? ""} ${text.replaceAll(/\s+/g, " ").trim().toLowerCase()}`;
  });
  return said.join("\n");
}

/** The next answer to just this question that was not given yet. */
function next(entries: readonly Entry[], question: string): Entry | undefined {
  return entries.find((entry) => !entry.isGiven && entry.question === question);
}

function nearest(entries: readonly Entry[], question: string, words: string): Entry | undefined {
  return (
    next(entries, question) ??
    entries.find((entry) => !entry.isGiven && entry.words === words) ??
    entries.findLast((entry) => entry.words === words) ??
    entries.find((entry) => !entry.isGiven)
  );
}

async function answerOf(
  call: LoggedCall,
  { stream, signal }: ModelRequest,
  pace: "recorded" | "none",
): Promise<ModelReply> {
  const { outcome, result, error } = call;
  const { first, rest } = pace === "recorded" ? timesOf(call) : atOnce;
  await waitFor(stream ? first : first + rest, signal);
  if (outcome === "finished" && result) {
    if (!stream || rest === 0) return ModelReply.of(result);
    return givenOver(result, rest, signal);
  }
  const { code = "unknown", message = "The recorded call failed.", ...more } = error ?? {};
  const failure = new ModelError(message, { ...more, code });
  if (!stream || !result || result.content.length === 0) throw failure;
  return ModelReply.from(brokenOff(result, failure), { model: result.model });
}

const atOnce = { first: 0, rest: 0 };

/** What had come of an answer, and then its failure. */
async function* brokenOff(partial: ModelResult, failure: ModelError): AsyncGenerator<ModelEvent, void, undefined> {
  for (const event of eventsOf(partial)) if (event.type !== "start" && event.type !== "finish") yield event;
  throw failure;
}

function missing(entries: readonly Entry[], question: string): ModelError {
  const asked = entries.filter((entry) => entry.question === question).length;
  if (asked > 0) {
    const often = asked === 1 ? "once" : `${asked} times`;
    return new ModelError(`The question was recorded ${often}, and is asked once more.`, { code: "not-found" });
  }
  const open = entries.filter(({ isGiven }) => !isGiven);
  if (open.length === 0) {
    const all =
      entries.length === 0 ? "Nothing was recorded" : `All of the ${entries.length} recorded calls have been answered`;
    return new ModelError(`${all}, and this question is none of them.`, { code: "not-found" });
  }
  const [closest] = open
    .map(({ call, question: other }) => ({
      call,
      differs: differenceOf(JSON.parse(other), JSON.parse(question), "") ?? "",
    }))
    .toSorted((a, b) => b.differs.length - a.differs.length);
  return new ModelError(
    `No recorded call asks this. The nearest is ${closest!.call.id}, which differs at \`${closest!.differs}\`; record it anew, or replay with the mode lenient or record-missing.`,
    { code: "not-found" },
  );
}

/** The first place at which two values are not the same. */
function differenceOf(one: unknown, other: unknown, path: string): string | undefined {
  if (Object.is(one, other)) return undefined;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return path;
  const isList = Array.isArray(one);
  if (isList !== Array.isArray(other)) return path;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  for (const name of names) {
    const at = isList ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`;
    const found = differenceOf((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name], at);
    if (found !== undefined) return found;
  }
  return undefined;
}
