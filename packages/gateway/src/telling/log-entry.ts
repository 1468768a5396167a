import type { CallRecord } from "./call-record.ts";

/** How the answer left: whole, or cut short because the client went away or the answer broke off. */
export type Ending = "sent" | "cut";

/** One request, as it is logged when it is over. No prompt, no answer, no key and no URL is in it. */
export interface LogEntry {
  /** ISO 8601. */
  readonly time: string;
  readonly level: "info" | "warn" | "error";
  readonly message: "request";
  /** Also in the header `x-request-id` of the answer. */
  readonly id: string;
  readonly method: string;
  /** The route, and no path as it was sent. */
  readonly route: string;
  readonly status: number;
  readonly ending: Ending;
  /** Milliseconds. */
  readonly duration: number;
  readonly firstContent?: number;
  /** The name of the virtual key. */
  readonly key?: string;
  readonly model?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly finishReason?: string;
  readonly cached?: true;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Nano-dollars. */
  readonly cost?: number;
  readonly error?: string;
  readonly upstreamStatus?: number;
  readonly upstreamRequestId?: string;
  readonly attempts?: readonly {
    readonly provider: string;
    readonly model: string;
    readonly outcome: string;
    readonly error?: string;
    readonly duration?: number;
  }[];
  /** What was said, where the operator asked for it. */
  readonly request?: unknown;
}

/** What is logged of a request that is over. */
export function logEntry(record: CallRecord, method: string, status: number, ending: Ending, request?: unknown): LogEntry {
  const { usage, cost, upstream, attempts } = record;
  return {
    time: new Date(record.started).toISOString(),
    level: status >= 500 ? "error" : status >= 400 || ending === "cut" || record.error !== undefined ? "warn" : "info",
    message: "request",
    id: record.id,
    method,
    route: record.route,
    status,
    ending,
    duration: rounded(record.elapsed),
    ...(record.firstContent !== undefined && { firstContent: rounded(record.firstContent) }),
    ...(record.key !== undefined && { key: record.key }),
    ...(record.model !== undefined && { model: record.model }),
    ...(record.tags && { tags: record.tags }),
    ...(record.finishReason !== undefined && { finishReason: record.finishReason }),
    ...(record.cached && { cached: true }),
    ...(usage?.input !== undefined && { inputTokens: usage.input }),
    ...(usage?.output !== undefined && { outputTokens: usage.output }),
    ...(cost && { cost: cost.total }),
    ...(record.error !== undefined && { error: record.error }),
    ...(upstream?.status !== undefined && { upstreamStatus: upstream.status }),
    ...(upstream?.requestId !== undefined && { upstreamRequestId: upstream.requestId }),
    ...(attempts.length > 0 && { attempts: attempts.map(told) }),
    ...(request !== undefined && { request }),
  };
}

type Told = NonNullable<LogEntry["attempts"]>[number];

function told({ provider, model, outcome, error, started, ended }: CallRecord["attempts"][number]): Told {
  return {
    provider,
    model,
    outcome,
    ...(error !== undefined && { error }),
    ...(ended !== undefined && { duration: ended - started }),
  };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
