import { ModelError, ModelReply, defineModel, eventsOf } from "@plugboard/core";
import type { Message, Model, ModelEvent, ModelRequest, ModelResult } from "@plugboard/core";
import { StoredFiles } from "../plugboard/stored-file.ts";
import { sortedJson } from "../sorted-json.ts";
import { writePrompt } from "./call-line.ts";
import type { LoggedCall } from "./logged-call.ts";

/** What is answered when a question was not recorded. */
export type ReplayOptions =
  /** Each recorded answer is given once, to just the question that it was given to; anything else is refused, with what differs. */
  | { readonly mode?: "strict" }
  /** White space and settings do not matter, an answer may be given again, and what was not recorded gets the next that was not given. */
  | { readonly mode: "lenient" }
  /** What was not recorded is asked of a model; with the layer `record` around it, it is there the next time. */
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
  let entries: Promise<Entry[]> | undefined;

  return defineModel({
    provider: "recorded",
    id: "recorded",
    // Whoever stands behind tells of its own attempts.
    ...(options.mode === "record-missing" && { models: [options.model] }),
    async call(request) {
      entries ??= entriesOf(recording);
      const known = await entries;
      const question = await questionOf(request);
      const found =
        options.mode === "lenient" ? nearest(known, question, wordsOf(request.messages)) : next(known, question);
      if (found) {
        found.isGiven = true;
        return answerOf(found.call, request);
      }
      if (options.mode === "record-missing") return options.model.call(request);
      throw missing(known, question);
    },
  });
}

async function entriesOf(recording: Iterable<LoggedCall> | AsyncIterable<LoggedCall>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const call of recording) {
    if (call.outcome === "cancelled") continue;
    entries.push({
      call,
      question: await questionOf(call.request),
      words: wordsOf(call.request.messages),
      isGiven: false,
    });
  }
  return entries;
}

/** The question alone, so that two that are the same read the same. */
async function questionOf(request: ModelRequest): Promise<string> {
  const { signal, deadline, attemptTimeout, headers, tags, notify, admit, stream, ...prompt } = request;
  const files = new StoredFiles(undefined);
  return sortedJson(await writePrompt(prompt, files));
}

function wordsOf(messages: readonly Message[]): string {
  const said = messages.map(({ role, content }) => {
    const text =
      typeof content === "string"
        ? content
        : content
            .map((part) => ("text" in part ? part.text : "output" in part ? sortedJson(part.output) : ""))
            .join(" ");
    return `${role} ${text.replaceAll(/\s+/g, " ").trim().toLowerCase()}`;
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

async function answerOf({ outcome, result, error }: LoggedCall, { stream }: ModelRequest): Promise<ModelReply> {
  if (outcome === "finished" && result) return ModelReply.of(result);
  const { code = "unknown", message = "The recorded call failed.", ...rest } = error ?? {};
  const failure = new ModelError(message, { ...rest, code });
  if (!stream || !result || result.content.length === 0) throw failure;
  return ModelReply.from(brokenOff(result, failure), { model: result.model });
}

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
