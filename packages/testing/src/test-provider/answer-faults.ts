import { inspect, isDeepStrictEqual } from "node:util";
import { ModelError, reasoningOf, textOf, toolCallsOf } from "@plugboard/core";
import type { ModelResult, Usage } from "@plugboard/core";
import type { ExpectedAnswer } from "../provider-sample.ts";
import type { Answer } from "./answer.ts";
import type { Delivery } from "./deliveries.ts";

const counts = [
  ["inputTokens", "input"],
  ["outputTokens", "output"],
  ["cachedInputTokens", "cachedInput"],
  ["reasoningTokens", "reasoning"],
] as const satisfies readonly (readonly [keyof NonNullable<ExpectedAnswer["usage"]>, keyof Usage])[];

const successes: ReadonlySet<string> = new Set(["stop", "length", "tool-calls"]);

/** What is wrong with an answer; each fault begins with the name of its rule. Only what the sample expects is compared. */
export function answerFaults(answer: Answer, expected: ExpectedAnswer, accepts: Delivery["accepts"]): string[] {
  const { error, result } = answer;
  if (error !== undefined && !(error instanceof ModelError))
    return [`error: rejected with ${inspect(error)}, which is no ModelError`];
  if (accepts !== "answer" && claimsNoSuccess(answer)) return [];
  if (accepts === "no success")
    return [`cut: the answer claims \`${result?.finishReason}\` though it never came whole`];

  if (expected.finishReason === "error" || expected.error) return failureFaults(answer, expected);
  if (error) return [`error: rejected with \`${error.code}\`: ${error.message}`];
  return result ? resultFaults(result, expected) : ["error: neither an answer nor an error"];
}

function claimsNoSuccess({ error, result }: Answer): boolean {
  return error !== undefined || (result !== undefined && !successes.has(result.finishReason));
}

function failureFaults({ error, result }: Answer, { error: wanted, text, reasoning }: ExpectedAnswer): string[] {
  if (!(error instanceof ModelError))
    return [`error: answered with \`${result?.finishReason}\`, though the provider sent an error`];
  const faults: string[] = [];
  const kinds = wanted ? [wanted.kind].flat() : [];
  if (wanted && !kinds.includes(error.code))
    faults.push(differs("error code", kinds.join(" or "), error.code, error.message));
  if (wanted?.status !== undefined && error.status !== wanted.status)
    faults.push(differs("error status", wanted.status, error.status));
  if (wanted?.retryAfterMs !== undefined && error.retryAfter !== wanted.retryAfterMs) {
    faults.push(differs("error retryAfter", wanted.retryAfterMs, error.retryAfter));
  }
  if (wanted?.retryable !== undefined && error.retryable !== wanted.retryable) {
    faults.push(differs("error retryable", wanted.retryable, error.retryable, error.code));
  }
  const partial = error.partial ?? { content: [] };
  if (text !== undefined && textOf(partial) !== text) faults.push(differs("partial text", text, textOf(partial)));
  if (reasoning !== undefined && reasoningOf(partial) !== reasoning) {
    faults.push(differs("partial reasoning", reasoning, reasoningOf(partial)));
  }
  return faults;
}

function resultFaults(result: ModelResult, expected: ExpectedAnswer): string[] {
  const { text, reasoning, toolCalls, finishReason, usage, refusal } = expected;
  const faults: string[] = [];
  const said = textOf(result);
  const refused = refusal !== undefined && (said === refusal || result.finishReason === "refusal");
  if (refusal !== undefined && !refused) faults.push(differs("refusal", refusal, said));
  if (text !== undefined && said !== text && !refused) faults.push(differs("text", text, said));
  if (reasoning !== undefined && reasoningOf(result) !== reasoning) {
    faults.push(differs("reasoning", reasoning, reasoningOf(result)));
  }
  if (toolCalls) faults.push(...toolCallFaults(result, toolCalls));

  const mayRefuse = finishReason === "content-filter" || refused;
  if (finishReason && result.finishReason !== finishReason && !(mayRefuse && result.finishReason === "refusal")) {
    faults.push(differs("finish reason", finishReason, result.finishReason));
  }
  if (result.finishReason === "unfinished") faults.push("finish reason: `unfinished` is for partial answers alone");
  if (usage) faults.push(...usageFaults(result.usage, usage));
  return faults;
}

function toolCallFaults(result: ModelResult, expected: NonNullable<ExpectedAnswer["toolCalls"]>): string[] {
  const calls = toolCallsOf(result);
  const seen = calls.map(({ id, name, input }, place) =>
    expected[place]?.id === undefined ? { name, input } : { id, name, input },
  );
  const wanted = expected.map(({ id, name, input }) => (id === undefined ? { name, input } : { id, name, input }));
  const faults = isDeepStrictEqual(seen, wanted) ? [] : [differs("tool calls", wanted, seen)];
  if (calls.some(({ id }) => id === "") || new Set(calls.map(({ id }) => id)).size < calls.length) {
    faults.push(`tool calls: every call has an id of its own; they are ${JSON.stringify(calls.map(({ id }) => id))}`);
  }
  return faults;
}

function usageFaults(usage: Usage, expected: NonNullable<ExpectedAnswer["usage"]>): string[] {
  const faults: string[] = [];
  const total = {
    input: expected.inputTokens,
    output: expected.outputTokens,
    cachedInput: expected.inputTokens,
    reasoning: expected.outputTokens,
  };
  for (const [theirs, ours] of counts) {
    const wanted = expected[theirs];
    const count = usage[ours];
    // A count that nobody told is absent with us; and a part that a provider reports larger than its total may be held to the total.
    if (wanted === undefined || (count ?? 0) === wanted) continue;
    if (count !== Math.min(wanted, total[ours] ?? wanted)) faults.push(differs(`usage ${ours}`, wanted, count));
  }
  return faults;
}

function differs(rule: string, wanted: unknown, seen: unknown, note?: string): string {
  return `${rule}: expected ${shown(wanted)}, got ${shown(seen)}${note === undefined ? "" : ` (${note})`}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
