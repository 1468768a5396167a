import type {
  FinishReason,
  Json,
  Model,
  ModelErrorCode,
  ModelRequest,
  ModelResult,
  Notice,
  Phase,
} from "@plugboard/core";
import type { AdapterOptions, Protocol, ProtocolName } from "./protocols/protocol.ts";
import type { Script } from "./upstream/step.ts";
import type { Upstream } from "./upstream/upstream.ts";

/** `generate` asks for one body, `stream` for an event stream. */
export type Mode = "stream" | "generate";

/** How requests are sent: by `node:http`, the default, by the fetch of Node, as elsewhere, or by undici. */
export type TransportName = "node" | "fetch" | "undici";

/** Something that an upstream does, and what must become of it. */
export interface Fault {
  /** Never changed once it is there: `truncation/after-first-token`. */
  readonly id: string;
  /** What goes wrong and why it matters, in one line. */
  readonly why: string;
  /** @default all of them */
  readonly protocols?: readonly ProtocolName[];
  /** @default ["stream"] */
  readonly modes?: readonly Mode[];
  /** What the upstream does with the first request, the second and so on; `"absent"` where nobody listens. */
  readonly upstream: ((at: Place) => readonly Script[]) | "absent";
  /** Another upstream: of the next model in the chain, or of somebody who must not be asked. */
  readonly beside?: (at: Omit<Place, "beside">) => readonly Script[];
  /** How the model is made, and what stands in front of it. @default the adapter alone */
  readonly call?: CallPlan;
  readonly holds: Expectation | ((at: Place) => Expectation);
}

/** Where a fault is done. */
export interface Place {
  readonly protocol: Protocol;
  readonly mode: Mode;
  readonly transport: TransportName;
  /** The origin of the other upstream; empty without one. */
  readonly beside: string;
}

/** What the application does. */
export interface CallPlan {
  readonly options?: AdapterOptions;
  /** Whether the base URL is `https:`; the upstream never speaks TLS. */
  readonly secure?: boolean;
  readonly request?: Partial<ModelRequest>;
  /** Milliseconds from the call on. */
  readonly deadline?: number;
  /** Puts something in front of the model; `beside` is the same model at the other upstream. */
  readonly chain?: (model: Model, beside: Model) => Model;
  /** When the caller's signal fires. */
  readonly calledOff?: "before" | "hung" | "content";
  readonly reason?: unknown;
  /** What becomes of a streamed reply. @default "read" */
  readonly reader?: "read" | "break" | "throw" | "cancel" | "dispose" | "result";
  /** Milliseconds that the reader takes over each event. */
  readonly slow?: number;
  /** The whole call, where none of the above says it; what it returns is the answer. */
  readonly act?: (world: World) => Promise<ModelResult | undefined>;
}

/** What a call of its own is made with. */
export interface World extends Place {
  readonly model: Model;
  readonly request: ModelRequest;
  readonly upstream: Upstream;
}

/** What must hold, beside what must hold for every fault (see `judge.ts`). */
export interface Expectation {
  /** The call fails with this; else it must succeed. */
  readonly error?: ExpectedError;
  /** The text of the answer. */
  readonly text?: string;
  readonly finish?: FinishReason;
  readonly calls?: readonly { readonly name: string; readonly input?: Json; readonly invalid?: true }[];
  /** Requests that the upstream gets. @default 1, or 0 where it is absent */
  readonly requests?: number;
  /** Requests that the other one gets. @default 0 */
  readonly besideRequests?: number;
  /** Whether every connection that is at work is closed within a second. @default true */
  readonly closes?: boolean;
  /** Milliseconds that must pass first. @default 0 */
  readonly after?: number;
  /** Milliseconds within which it must be over. @default `after` and one second */
  readonly within?: number;
  /** Whatever else must hold: says what does not. */
  readonly also?: (seen: Observation) => string | undefined;
}

/** The error that must be told. */
export interface ExpectedError {
  readonly code: ModelErrorCode;
  /** `"any"` where it is a matter of microseconds. @default none */
  readonly phase?: Phase | "any";
  readonly status?: number;
  /** Milliseconds; of a date, at least so many. */
  readonly retryAfter?: number | { readonly least: number; readonly most: number };
  /** Text that was said before. @default none */
  readonly partial?: string | RegExp;
  /** Who is told: the caller who still waits for a reply, or the reader of one. @default the reader of a stream that has said text */
  readonly to?: "caller" | "reader" | "either";
  /** Of the sentence. */
  readonly message?: RegExp;
}

/** What happened. */
export interface Observation extends Place {
  readonly ended: "answered" | "rejected" | "thrown" | "left" | "hung";
  readonly error: unknown;
  readonly result: ModelResult | undefined;
  /** Text that the reader was given. */
  readonly text: string;
  /** Milliseconds until it was over. */
  readonly took: number;
  /** Those of them that the process had to itself. */
  readonly tookOwn: number;
  /** Whether every connection that was at work was closed within a second of that. */
  readonly closed: boolean;
  readonly requests: Upstream["requests"];
  readonly besideRequests: Upstream["requests"];
  /** Connections that the upstream accepted. */
  readonly accepted: number;
  /** Bytes that went through. */
  readonly taken: number;
  readonly notices: readonly Notice[];
}
