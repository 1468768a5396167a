import type { LoggedCall } from "../log/logged-call.ts";
import { StoredFiles } from "../plugboard/stored-file.ts";
import { writePrompt } from "../log/call-line.ts";
import { sha256 } from "../sha256.ts";
import { sortedJson } from "../sorted-json.ts";
import type { PreferencePair } from "./training-example.ts";

/**
 * Pairs from a log: of the answers that one question was given, the best and the worst by a score. Questions with one answer, or with
 * answers that are all as good, give none; nor do answers without a score.
 *
 * @example
 * const pairs = preferencePairs(readLog(file), ({ tags }) => (tags?.rating === undefined ? undefined : Number(tags.rating)));
 * for await (const { line } of buildDataset(pairs, { format: trainingFormatNamed("openai") })) output.write(`${line}\n`);
 */
export async function* preferencePairs(
  calls: AsyncIterable<LoggedCall>,
  score: (call: LoggedCall) => number | undefined,
): AsyncGenerator<PreferencePair, void, undefined> {
  const questions = new Map<string, { best: Scored; worst: Scored }>();
  for await (const call of calls) {
    const scored = score(call);
    if (call.outcome !== "finished" || scored === undefined || !Number.isFinite(scored)) continue;
    const { messages, tools } = call.request;
    const prompt = await writePrompt({ messages, ...(tools && { tools }) }, new StoredFiles(undefined));
    const question = sha256(Buffer.from(sortedJson(prompt)));
    const known = questions.get(question);
    const one = { call, score: scored };
    if (!known) questions.set(question, { best: one, worst: one });
    else if (scored > known.best.score) known.best = one;
    else if (scored < known.worst.score) known.worst = one;
  }
  for (const { best, worst } of questions.values()) {
    if (best.score === worst.score) continue;
    const { messages, tools = [] } = best.call.request;
    yield {
      prompt: { messages, ...(tools.length > 0 && { tools }) },
      chosen: { role: "assistant", content: best.call.result!.content },
      rejected: { role: "assistant", content: worst.call.result!.content },
    };
  }
}

interface Scored {
  readonly call: LoggedCall;
  readonly score: number;
}
