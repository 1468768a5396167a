import { ModelError } from "@plugboard/core";
import type { CallOptions } from "@plugboard/core";
import { linkedStop } from "../linked-stop.ts";
import type { Row, Turn } from "./row.ts";

/** Milliseconds that a model must have had before running out of them is a reason to leave it alone: others may give it more. */
const patience = 10_000;
const longestTimer = 2 ** 31 - 1;

/** The part of the time until the deadline that one model has, while somebody is left who could be asked instead. */
export interface Slice<Request extends CallOptions, Reply> {
  /** What the model is asked: called off when its time runs out. */
  readonly request: Request;
  /** Whose turn it is then, if that was found out. */
  readonly next: Promise<Turn<Request, Reply> | undefined> | undefined;
  /** There is an answer, or a failure: it is not called off any more. Says so if it was, at the last moment. */
  stop(): ModelError | undefined;
  /** Nobody reads the answer any more. */
  end(): void;
  /** Whether a failure says no more than that the caller was in a hurry. */
  isHaste(error: ModelError): boolean;
}

/**
 * Cuts a share off the time that is left. When that runs out, the model is called off if another one can be asked in its place;
 * otherwise it goes on until the deadline.
 */
export function sliceOf<Request extends CallOptions, Reply>(
  row: Row<Request, Reply>,
  { target: { key }, request }: Turn<Request, Reply>,
): Slice<Request, Reply> {
  const { share, passes } = row.rules;
  const time = share === 1 || request.deadline === undefined ? Infinity : (request.deadline - Date.now()) * share;
  if (time === Infinity || !row.hasMore) return whole(request); // before an error is made: most calls need none, and it is dear

  const phase = "stream" in request && request.stream === true ? "first" : "total";
  const error = new ModelError(`${key.id} had ${Math.round(time)} ms to answer, and the next one is asked.`, {
    code: "timeout",
    phase,
    provider: key.provider,
    model: key.id,
  });
  if (!passes(error)) return whole(request);

  const link = linkedStop(request.signal);
  let next: Slice<Request, Reply>["next"];
  let isStopped = false;
  let wasCalledOff = false;
  const callOff = (turn: Turn<Request, Reply> | undefined): void => {
    if (!turn || isStopped) return;
    wasCalledOff = true;
    link.stop(error);
  };
  const onTime = (): void => {
    next = row.next();
    // Where it cannot be told who is next, that is thrown when it is asked for.
    next.then(callOff, () => {});
  };
  const timer = setTimeout(onTime, Math.min(time, longestTimer));

  return {
    request: { ...request, signal: link.signal },
    get next() {
      return next;
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      return wasCalledOff ? error : undefined;
    },
    end: () => link.unlink(),
    isHaste: (failure) => failure === error && time < patience,
  };
}

function whole<Request extends CallOptions, Reply>(request: Request): Slice<Request, Reply> {
  return { request, next: undefined, stop: nothing, end: nothing, isHaste: () => false };
}

function nothing(): undefined {}
