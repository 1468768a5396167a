import { setTimeout } from "node:timers/promises";
import { ModelError, textOf } from "@plugboard/core";
import type { Model, ModelReply } from "@plugboard/core";
import type { SeededRandom } from "@plugboard/testing";
import { question } from "../secrets.ts";
import { isSoakAnswer } from "./soak-answer.ts";
import type { Tally } from "./tally.ts";

/** How one caller behaves; out of a hundred. */
const abortsIn = 10;
const leavesIn = 10;
const slowIn = 5;

interface OneCall {
  readonly model: Model;
  readonly call: string;
  readonly random: SeededRandom;
  readonly tally: Tally;
  /** Of the whole application: a long life, and no listener left on it. */
  readonly lasting: AbortSignal;
}

/** One call, read as one of several kinds of caller does, and counted once. */
export async function oneCall({ model, call, random, tally, lasting }: OneCall): Promise<void> {
  const kind = random() * 100;
  const aborts = kind < abortsIn;
  const own = new AbortController();
  const timer = aborts ? globalThis.setTimeout(() => own.abort(), random() * 1500) : undefined;
  const enough = kind < abortsIn + leavesIn && !aborts ? 1 + Math.floor(random() * 10) : Infinity;
  const slow = kind > 100 - slowIn ? 20 : 0;

  tally.started++;
  try {
    const reply = await model.stream({
      messages: [{ role: "user", content: question }],
      headers: { "x-soak-call": call },
      signal: aborts ? own.signal : lasting,
      notify: tally.notice,
    });
    const text = await read(reply, enough, slow, tally);
    if (text === undefined) {
      tally.cancelled++;
      return;
    }
    const { finishReason } = await reply.result();
    if (finishReason !== "stop" || !isSoakAnswer(call, text)) tally.wrong.push(`${call} (${finishReason}): ${text}`);
    tally.finished++;
  } catch (error) {
    if (!(error instanceof ModelError)) return tally.fail("no ModelError");
    const said = error.partial ? textOf(error.partial) : "";
    if (error.code !== "parse" && !isSoakAnswer(call, said)) tally.wrong.push(`${call} (${error.code}): ${said}`);
    if (error.code === "aborted") tally.cancelled++;
    else tally.fail(error.code);
  } finally {
    clearTimeout(timer);
  }
}

/** The text; nothing where the reader had enough before its end. */
async function read(reply: ModelReply, enough: number, slow: number, tally: Tally): Promise<string | undefined> {
  let text = "";
  let count = 0;
  for await (const event of reply) {
    tally.events++;
    if (event.type !== "text-delta") continue;
    text += event.text;
    if (++count >= enough) return undefined;
    if (slow > 0) await setTimeout(slow);
  }
  return text;
}
