import { ModelError, addCosts, checkOption } from "@plugboard/core";
import type { Attempt, Cost, Middleware, ModelRequest, ModelResult, Notice, Outcome, Prompt } from "@plugboard/core";
import { redact as withoutKeys } from "@plugboard/wire";
import type { FileStore } from "../file-store.ts";
import { fractionOf } from "../fraction-of.ts";
import { lineOf, writeCall } from "./call-line.ts";
import { LogQueue } from "./log-queue.ts";
import type { LogSink } from "./log-sink.ts";
import type { LoggedCall, LoggedError } from "./logged-call.ts";
import { scrubbed } from "./scrubbed.ts";
import { sizeOf } from "./size-of.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** A call could not be kept for want of room: so many so far. */
    log: { readonly dropped: number };
  }
}

/** What is written, and how much of it. */
export interface RecordOptions {
  /**
   * Changes every text before it is written: messages, arguments and results of tools, answers, tags. What it cannot change is not written.
   * `scrubber` of `@plugboard/middleware` makes one. @default texts are written as they are
   */
  readonly scrub?: (text: string) => string;
  /** Changes a call before it is written, or leaves it out. @default all of it is written */
  readonly redact?: (call: LoggedCall) => LoggedCall | undefined;
  /** Which part of the calls is written, from 0 to 1. @default 1 */
  readonly sample?: number;
  /** Whether calls that failed are written though they were not drawn. @default true */
  readonly failures?: boolean;
  /**
   * The tag that draws the sample, such as `conversation`: calls with the same value are all written or none, in every process. Calls without it
   * are drawn by themselves. @default each call is drawn by itself
   */
  readonly sampleBy?: string;
  /** How many calls may wait to be written; more are dropped, counted and told by a notice. @default 1000 */
  readonly room?: number;
  /** How many bytes they may have in all, about: what they hold stays in memory until it is written. @default 67108864, which is 64 MiB */
  readonly roomBytes?: number;
  /** Where files go, once each. @default they stand in the line */
  readonly files?: FileStore;
  /** Told when writing fails; the calls go on. @default nobody */
  readonly onFault?: (error: unknown) => void;
  /** @default Date.now */
  readonly now?: () => number;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/** A layer that writes calls down. */
export interface Recording extends Middleware, AsyncDisposable {
  /** How many calls had no room, or could not be written. */
  readonly dropped: number;
  /** Resolves once all that was recorded so far is written. */
  flush(): Promise<void>;
}

/**
 * Writes every call down: what was asked, what came of it, usage, cost, attempts, tags, times. `readLog` reads it, `replay` answers from it,
 * and the format `callLines` makes conversations of it.
 *
 * Nothing waits for it: a call is put in a queue when it ends, and written behind its back. What has no room there is dropped and counted.
 *
 * @throws {ModelError} `invalid-request` for an option that is out of range
 * @example
 * const log = record(fileLog("calls.jsonl"), { sample: 0.1, scrub: scrubber() });
 * const model = openai("gpt-4o").with(log, retry());
 * await log.flush(); // before the process ends
 */
export function record(sink: LogSink, options: RecordOptions = {}): Recording {
  const {
    scrub,
    redact,
    sample = 1,
    sampleBy,
    failures = true,
    room = 1000,
    roomBytes = 64 * 1024 * 1024,
    files,
    onFault = noOne,
    now = Date.now,
    random = Math.random,
  } = options;
  checkOption("sample", sample, { least: 0, most: 1 });
  checkOption("room", room, { least: 1, whole: true });
  checkOption("roomBytes", roomBytes, { least: 1 });

  const queue = new LogQueue<() => LoggedCall>(
    sink,
    async (entry) => {
      const call = entry();
      const kept = redact ? redact(call) : call;
      if (!kept) return undefined;
      return scrub ? JSON.stringify(scrubbed(await writeCall(kept, files), scrub)) : lineOf(kept, files);
    },
    { room, roomBytes, onFault },
  );

  const layer: Middleware = (model) => async (request) => {
    const started = now();
    const drawnBy = sampleBy === undefined ? undefined : request.tags?.[sampleBy];
    const isDrawn = sample >= 1 || (drawnBy === undefined ? random() : fractionOf(drawnBy)) < sample;
    if (!isDrawn && !failures) return model.call(request);
    const attempts: Attempt[] = [];
    // An application may go on with the same list of messages before this is written.
    const asked = { ...request, messages: [...request.messages] };
    const notify = (notice: Notice): void => {
      if (notice.type === "attempt" && notice.attempt.outcome === "running" && !attempts.includes(notice.attempt))
        attempts.push(notice.attempt);
      request.notify?.(notice);
    };
    let firstContent: number | undefined;
    const keep = (outcome: Ended): void => {
      if (!isDrawn && outcome.status !== "failed") return;
      const ended = now();
      const who = { provider: model.provider, model: model.id };
      const times = { started, ended, ...(firstContent !== undefined && { firstContent }) };
      // Attempts are completed in place, some of them after this.
      const bytes = sizeOf(asked.messages) + sizeOf(resultOf(outcome)?.content);
      const isKept = queue.add(() => loggedCall({ ...who, ...times }, asked, outcome, attempts), bytes);
      if (!isKept) request.notify?.({ type: "log", dropped: queue.dropped });
    };
    try {
      const reply = await model.call({ ...request, notify });
      firstContent = now();
      return reply.onEnd(keep);
    } catch (cause) {
      keep({ status: "failed", error: ModelError.from(cause) });
      throw cause;
    }
  };

  return Object.defineProperty(
    Object.assign(layer, {
      dropped: 0,
      flush: () => queue.flush(),
      async [Symbol.asyncDispose]() {
        await queue.flush();
        await sink.close?.();
      },
    }),
    "dropped",
    { get: () => queue.dropped, enumerable: true },
  );
}

const noOne = (): void => {};

/** How a call ended; one that had no reply failed with nothing to show. */
type Ended = Outcome | { readonly status: "failed"; readonly error: ModelError };

function resultOf(outcome: Ended): ModelResult | undefined {
  return outcome.status === "finished" ? outcome.result : "partial" in outcome ? outcome.partial : undefined;
}

type When = Pick<LoggedCall, "provider" | "model" | "started" | "ended" | "firstContent">;

function loggedCall(when: When, request: ModelRequest, outcome: Ended, attempts: readonly Attempt[]): LoggedCall {
  const result = resultOf(outcome);
  const { attempts: _, cost: __, ...answer } = result ?? {};
  const cost = costOf(attempts);
  const { tags, stream } = request;
  return {
    id: crypto.randomUUID(),
    ...when,
    ...(tags && { tags }),
    request: promptOf(request),
    ...(stream !== undefined && { stream }),
    outcome: outcome.status,
    ...(result && { result: answer as NonNullable<LoggedCall["result"]> }),
    ...(outcome.status === "failed" && { error: errorOf(outcome.error) }),
    ...(attempts.length > 0 && { attempts }),
    ...(cost && { cost }),
  };
}

/** The question alone: headers and other circumstances are not written; `writeCall` takes keys out of what is. */
function promptOf(request: ModelRequest): Prompt {
  const { signal, deadline, attemptTimeout, headers, tags, notify, admit, stream, ...prompt } = request;
  return prompt;
}

function costOf(attempts: readonly Attempt[]): Cost | undefined {
  const costs: Cost[] = [];
  for (const { cost, unbilled } of attempts) {
    if (cost) costs.push(cost);
    else if (!unbilled) return undefined;
  }
  return costs.length > 0 ? addCosts(costs) : undefined;
}

function errorOf({ code, message, status, requestId, retryAfter, phase }: ModelError): LoggedError {
  return {
    code,
    // An adapter of the application's own may have a key in its sentence.
    message: withoutKeys(message),
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(phase !== undefined && { phase }),
  };
}
