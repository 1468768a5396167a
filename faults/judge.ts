import { isDeepStrictEqual } from "node:util";
import { ModelError, textOf, toolCallsOf } from "@plugboard/core";
import type { ModelErrorCode } from "@plugboard/core";
import type { Expectation, ExpectedError, Observation } from "./fault.ts";
import { keyPieces, placesOf, promptMark, showings } from "./secrets.ts";

/** Milliseconds that all the others at once may take over what takes none. */
const leeway = 1000;
/** By the table of docs/guide/errors.md. */
const mayPass: ReadonlySet<ModelErrorCode> = new Set([
  "rate-limit",
  "overloaded",
  "server",
  "network",
  "timeout",
  "truncated",
]);

/**
 * What does not hold, each in a sentence. Of every fault: it ends, in time, with the answer that was sent or with a `ModelError`; the
 * connection is closed within a second unless the answer was whole; and neither the key nor the question shows anywhere.
 */
export function judge(expected: Expectation, seen: Observation): string[] {
  const problems = [...judgeEnd(expected, seen), ...judgeTime(expected, seen), ...judgeSecrets(seen)];
  const { requests = 1, besideRequests = 0, closes = true, also } = expected;
  if (closes && !seen.closed) problems.push("a connection was still open a second later");
  if (seen.requests.length !== requests) problems.push(`${seen.requests.length} requests, not ${requests}`);
  if (seen.besideRequests.length !== besideRequests)
    problems.push(`the other upstream had ${seen.besideRequests.length} requests, not ${besideRequests}`);
  // It may rely on what the judgements before it have not found.
  const more = problems.length === 0 ? also?.(seen) : undefined;
  return more === undefined ? problems : [more];
}

function judgeEnd(expected: Expectation, seen: Observation): string[] {
  const { ended, error, result } = seen;
  if (ended === "hung") return ["hung"];
  if (expected.error)
    return error === undefined ? [`ended as ${ended}, without an error`] : judgeError(expected.error, seen);
  if (error !== undefined) return [`failed: ${told(error)}`];

  const problems: string[] = [];
  const { text, finish, calls } = expected;
  if (text !== undefined && seen.text !== text) problems.push(`said ${show(seen.text)}, not ${show(text)}`);
  if (text !== undefined && result && textOf(result) !== text) problems.push(`its result says ${show(textOf(result))}`);
  if (finish !== undefined && result?.finishReason !== finish) problems.push(`finished with ${result?.finishReason}`);
  if (calls) {
    const given = result ? toolCallsOf(result).map(({ name, input, invalid }) => ({ name, input, invalid })) : [];
    const wanted = calls.map(({ name, input, invalid }) => ({ name, input: input ?? null, invalid }));
    const same = given.length === wanted.length && wanted.every((call, place) => matches(call, given[place]!));
    if (!same) problems.push(`called ${show(JSON.stringify(given))}`);
  }
  return problems;
}

function matches(wanted: { name: string; input: unknown; invalid: unknown }, given: typeof wanted): boolean {
  if (wanted.name !== given.name || wanted.invalid !== given.invalid) return false;
  return wanted.invalid === true || isDeepStrictEqual(wanted.input, given.input);
}

function judgeError(expected: ExpectedError, { error, ended, text, mode }: Observation): string[] {
  if (!(error instanceof ModelError)) return [`threw what is no ModelError: ${told(error)}`];
  const problems: string[] = [];
  const { code, phase, status, retryAfter, partial = "", message } = expected;
  if (error.code !== code) problems.push(`code ${error.code}, not ${code}: ${error.message}`);
  if (error.retryable !== mayPass.has(error.code)) problems.push(`retryable is ${error.retryable}`);
  if (phase !== "any" && error.phase !== phase) problems.push(`phase ${error.phase}, not ${phase}`);
  if (status !== undefined && error.status !== status) problems.push(`status ${error.status}, not ${status}`);
  if (!fits(error.retryAfter, retryAfter)) problems.push(`retryAfter ${error.retryAfter}`);
  if (message && !message.test(error.message)) problems.push(`says ${show(error.message)}`);
  const { to = partial !== "" && mode === "stream" ? "reader" : "caller" } = expected;
  if (to !== "either" && ended !== { caller: "rejected", reader: "thrown" }[to]) problems.push(`was ${ended}`);
  // What could not be read at all is kept there as it was: that is no answer.
  const said = error.code === "parse" && partial === "" ? "" : error.partial ? textOf(error.partial) : "";
  const fitting = typeof partial === "string" ? said === partial : partial.test(said);
  if (!fitting) problems.push(`partial says ${show(said)}, not ${show(String(partial))}`);
  // What was read and what is called partial are the same; a reader who asked for the result alone was given nothing.
  if (text !== said && text !== "") problems.push(`the reader was given ${show(text)}`);
  if (error.partial && error.partial.finishReason !== "unfinished") problems.push("the partial looks finished");
  return problems;
}

function fits(given: number | undefined, wanted: ExpectedError["retryAfter"]): boolean {
  if (wanted === undefined || typeof wanted === "number") return given === wanted;
  return given !== undefined && given >= wanted.least && given <= wanted.most;
}

function judgeTime(
  { after = 0, within = after + leeway }: Expectation,
  { took, tookOwn, ended }: Observation,
): string[] {
  if (ended === "hung") return [];
  const problems: string[] = [];
  // Timers count in whole milliseconds, and may be early by one.
  if (took < after - 2) problems.push(`was over after ${Math.round(took)} ms, before ${after}`);
  if (tookOwn > within) problems.push(`took ${Math.round(tookOwn)} ms, more than ${within}`);
  return problems;
}

/** The question may stand in `plan`, which tells what was asked, and in what was answered. */
const asked = new Set(["plan", "partial", "content"]);

function judgeSecrets({ error, notices, result }: Observation): string[] {
  const shown: string[] = [];
  for (const piece of keyPieces) {
    for (const where of showings(error, piece)) shown.push(`the key shows in the error: ${where}`);
    for (const where of placesOf(result, piece)) shown.push(`the key shows in the result: ${where}`);
    for (const where of placesOf(notices, piece)) shown.push(`the key shows in a notice: ${where}`);
  }
  for (const where of placesOf(error, promptMark, asked)) shown.push(`the question shows in the error: ${where}`);
  return [...new Set(shown)];
}

function told(error: unknown): string {
  return error instanceof Error
    ? `${error.name} ${(error as Partial<ModelError>).code ?? ""}: ${error.message}`
    : String(error);
}

function show(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 60)}… (${text.length})` : text);
}
