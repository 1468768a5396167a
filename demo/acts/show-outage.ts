import { fallback, textOf } from "plugboard";
import type { Attempt } from "plugboard";
import { checks } from "../act.ts";
import type { Shown, Stage } from "../act.ts";
import { exactDollars } from "../figures.ts";
import { messagesFor } from "../feature.ts";

export interface OutageShown extends Shown {
  readonly attempts: readonly Attempt[];
  /** Characters that the caller got. */
  readonly characters: number;
}

/** The first model's connection is cut in the middle of its answer; the caller gets one clean answer from the next. */
export async function showOutage(
  { world, page }: Stage,
  { hold = "end" }: { readonly hold?: "start" | "end" } = {},
): Promise<OutageShown> {
  const { participants, standby, tasks } = world;
  const [primary] = participants;
  const { failures, expect } = checks("outage");
  // One with words enough to be cut between, where that is known.
  const { said } = world;
  const task =
    tasks.find((task) => !said || [primary!, standby].every((who) => said(who, task).length >= 40)) ?? tasks[0]!;
  const model = fallback([primary!.model, standby.model], { hold });

  page.heading("3  The connection is cut in the middle of an answer");
  let got = "";
  let attempts: readonly Attempt[] = [];
  const before = await world.metered?.();
  const mend = world.cutPrimary(task);
  try {
    const reply = await model.stream({ messages: messagesFor(task), maxOutputTokens: world.longestAnswer });
    for await (const event of reply) if (event.type === "text-delta") got += event.text;
    const result = await reply.result();
    ({ attempts = [] } = result);
    const total = attempts.reduce((sum, { cost }) => sum + (cost?.total ?? NaN), 0);
    expect(got === textOf(result), "what the caller read is not the answer");
    expect(result.cost?.total === total, "the cost of the call is not that of its attempts");
  } catch (error) {
    expect(false, `the caller got ${got.length} characters and then an error: ${String(error)}`);
  } finally {
    mend();
  }
  const wanted = said?.(standby, task);
  expect(
    wanted === undefined || got === wanted,
    "the caller did not get the next model's answer, character by character",
  );
  const [first, second] = attempts;
  expect(attempts.length === 2 && first?.outcome === "failed", "the first model was not cut");
  expect(second?.outcome === "finished" && second.model === standby.model.id, `${standby.name} did not answer`);
  expect(
    first?.usage?.estimated === true && (first.usage.output ?? 0) > 0,
    "what the cut answer cost is not estimated",
  );
  expect((first?.cost?.total ?? 0) > 0 && (second?.cost?.total ?? 0) > 0, "an attempt has no cost");

  for (const { model, outcome, error, usage, cost } of attempts) {
    const told = usage?.estimated
      ? "estimated: counted here, since the cut answer told nothing"
      : "as the provider told it";
    page.line(
      `  ${model}: ${outcome}${error ? ` (${error})` : ""}, ${usage?.input} + ${usage?.output} tokens, ${exactDollars(cost?.total ?? NaN)} (${told})`,
    );
  }
  if (before !== undefined) {
    const metered = (await world.metered!()) - before - (second?.cost?.total ?? 0);
    page.line(
      `  Of the cut answer, the simulator's own meter says ${exactDollars(metered)}; the caller never hears of it.`,
    );
  }
  page.line(
    failures.length === 0
      ? `  The caller read ${got.length} characters, all of them ${standby.name}'s, none repeated and none lost.`
      : `  The caller read ${got.length} characters: ${failures.join("; ")}.`,
  );
  return { attempts, characters: got.length, failures };
}
