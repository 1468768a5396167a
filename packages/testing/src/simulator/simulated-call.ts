import type { Json, ModelRequest, Usage } from "@plugboard/core";

/** One HTTP request that the simulator got, completed in place. */
export interface SimulatedCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** By its protocol: `ollama-chat`; empty for a path that is none. */
  readonly protocol: string;
  /** As sent; `undefined` where it is not JSON or too long. */
  readonly body?: Json;
  /** The model asked for; empty where the request could not be read. */
  readonly model: string;
  /** The same in our words. */
  readonly request?: ModelRequest;
  /** How often the model was asked before. */
  readonly call: number;
  /** The HTTP status, once there is one. */
  readonly status?: number;
  /**
   * `failed`: an error was answered. `broken`: a fault of the simulator ended it. `aborted`: the client went away, or the simulator was
   * closed.
   */
  readonly outcome: "running" | "finished" | "failed" | "broken" | "aborted";
  /** What a provider would bill: of an answer that did not end, what was said. Absent for a recorded one. */
  readonly usage?: Usage;
  /** Milliseconds since the epoch, as is `ended`. */
  readonly started: number;
  readonly ended?: number;
}
