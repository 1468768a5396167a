import type { CacheStore, Ledger, LimitStore, ModelError, ModelRequest, TokenCounter } from "@plugboard/core";
import { budget, cache, memoryCache, memoryLedger, memoryLimits, promptCache, rateLimit, textOf } from "plugboard";
import type { PromptCacheStats } from "plugboard";
import type { DayRequest } from "./day.ts";
import { answerTo, askedIn, providerOf } from "./provider.ts";
import type { Served } from "./provider.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** What the day is held to. */
export interface DayLimits {
  /** In any minute. */
  readonly requests: number;
  readonly tokens: number;
  /** The most milliseconds that a request waits for its turn. */
  readonly wait: number;
  /** Nano-dollars of the day: of everyone, and of each tenant. */
  readonly budget: number;
  readonly tenantBudget: number;
}

/** Where the day is kept; a test puts others there, that do not keep to what they promise. */
export interface DayStores {
  readonly cache: CacheStore;
  readonly ledger: Ledger;
  readonly limits: LimitStore;
}

/** What became of a day. */
export interface DayReport {
  readonly requests: number;
  /** How each ended: `asked`, `hit`, `shared`, or the code that it was refused with. */
  readonly ends: Readonly<Record<string, number>>;
  /** Hits and shared answers of each trace's requests, and how many there were. */
  readonly byTrace: Readonly<Record<string, { readonly known: number; readonly all: number }>>;
  /** Milliseconds that those waited who were sent, in their order. */
  readonly waits: readonly number[];
  readonly prompts: PromptCacheStats;
  /** By the provider's own books, in nano-dollars. */
  readonly billed: number;
  readonly spend: { readonly spent: number; readonly assumed: number; readonly held: number };
  /** The most in any minute, by the provider's own books. */
  readonly peak: { readonly requests: number; readonly tokens: number };
  /** What was not as it has to be; nothing, where all is well. */
  readonly broken: readonly string[];
}

const midnight = Date.UTC(2026, 4, 14);
const minute = 60_000;
/** What an answer may be at most. */
const maxOutputTokens = 1500;

const count: TokenCounter = (prompt) => ({ tokens: askedIn(prompt).input, bound: "exact" });

/** Sends a day's requests through cache, budget and limiter to a provider, on a clock that does not wait. */
export async function replayDay(
  day: readonly DayRequest[],
  limits: DayLimits,
  instead: Partial<DayStores> = {},
): Promise<DayReport> {
  const clock = new VirtualClock(midnight);
  const { model: provider, served } = providerOf(() => clock.now);
  const time = { clock: () => clock.now };
  const stores: DayStores = {
    cache: memoryCache(time),
    ledger: memoryLedger(time),
    limits: memoryLimits(time),
    ...instead,
  };
  const prompts = promptCache();
  const limit = [
    { nanoDollars: limits.budget, window: "day" },
    { nanoDollars: limits.tenantBudget, window: "day", per: ["tenant"] },
  ] as const;
  const model = provider.with(
    cache({ scope: ["tenant"], ttl: 6 * 60 * minute, store: stores.cache }),
    prompts,
    budget({ limit, count, ledger: stores.ledger }),
    rateLimit({
      limit: { requests: limits.requests, tokens: limits.tokens },
      wait: limits.wait,
      count,
      store: stores.limits,
    }),
  );

  const ends: Record<string, number> = {};
  const byTrace: Record<string, { known: number; all: number }> = {};
  const waits: number[] = [];
  const broken: string[] = [];

  async function ask({ question, tenant, input, output, blocks, stream, trace }: DayRequest): Promise<void> {
    const began = clock.now;
    let end = "asked";
    const request: ModelRequest = {
      messages: [{ role: "user", content: JSON.stringify({ question, input, output, blocks }) }],
      maxOutputTokens,
      tags: { tenant },
      notify(notice) {
        if (notice.type === "cache" && (notice.step === "hit" || notice.step === "shared")) end = notice.step;
        else if (notice.type === "attempt" && notice.attempt.outcome === "running") waits.push(clock.now - began);
        else if (notice.type === "fault") broken.push(`A fault: ${String(notice.error)}`);
      },
    };
    try {
      const result = await (stream ? (await model.stream(request)).result() : model.generate(request));
      if (textOf(result) !== answerTo(question, tenant))
        broken.push(`${tenant} was given the answer to another question.`);
      if (end === "hit" && result.cost?.total !== 0) broken.push("A hit had a cost.");
    } catch (error) {
      end = (error as ModelError).code;
    }
    ends[end] = (ends[end] ?? 0) + 1;
    const of = (byTrace[trace] ??= { known: 0, all: 0 });
    of.all++;
    if (end === "hit" || end === "shared") of.known++;
  }

  const asking: Promise<void>[] = [];
  for (const request of day) clock.at(midnight + request.t, () => void asking.push(ask(request)));
  let books: Promise<DayReport["spend"]> | undefined;
  clock.at(midnight + 24 * 60 * minute - 1, () => void (books = stores.ledger.spend("all", "day")));
  await clock.run();
  await Promise.all(asking);
  const spend = await books!;

  const peak = peakOf(served);
  const billed = sumOf(served);
  check(peak.requests <= limits.requests, `${peak.requests} requests were sent in a minute.`);
  check(peak.tokens <= limits.tokens, `${peak.tokens} tokens were sent in a minute.`);
  check(billed <= limits.budget, `${billed} nano-dollars were billed.`);
  for (const [tenant, bills] of Map.groupBy(served, ({ tenant }) => tenant)) {
    check(sumOf(bills) <= limits.tenantBudget, `${tenant} was billed ${sumOf(bills)} nano-dollars.`);
  }
  check(spend.spent === billed && spend.assumed === 0, `The ledger says ${spend.spent}, the bills ${billed}.`);
  check(spend.held === 0, `${spend.held} nano-dollars are still held.`);
  check(asking.length === day.length, "A request was never made.");
  check(Object.values(ends).reduce((sum, count) => sum + count, 0) === day.length, "A request never ended.");
  check(served.length === (ends["asked"] ?? 0), `${served.length} requests were served, ${ends["asked"]} had asked.`);
  return { requests: day.length, ends, byTrace, waits, prompts: prompts.stats(), billed, spend, peak, broken };

  function check(isWell: boolean, sentence: string): void {
    if (!isWell) broken.push(sentence);
  }
}

/** The most requests and tokens that came in within a minute, wherever it begins. */
function peakOf(served: readonly Served[]): DayReport["peak"] {
  let [requests, tokens, sum, first] = [0, 0, 0, 0];
  served.forEach((last, place) => {
    sum += last.input + last.output;
    for (; served[first]!.at <= last.at - minute; first++) sum -= served[first]!.input + served[first]!.output;
    requests = Math.max(requests, place - first + 1);
    tokens = Math.max(tokens, sum);
  });
  return { requests, tokens };
}

function sumOf(served: readonly Served[]): number {
  return served.reduce((sum, { bill }) => sum + bill, 0);
}
