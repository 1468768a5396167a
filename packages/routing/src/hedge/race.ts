import { ModelError } from "@plugboard/core";
import type { CallOptions, Callable } from "@plugboard/core";
import { asOne } from "../as-one.ts";
import { isOver } from "../is-over.ts";
import { keyOf } from "../key-of.ts";
import { linkedStop } from "../linked-stop.ts";
import type { LinkedStop } from "../linked-stop.ts";
import type { Replies } from "../replies.ts";

/** Who runs, and when the second one may start. */
export interface RaceParts<Request extends CallOptions, Reply> {
  readonly models: readonly [first: Callable<Request, Reply>, second: Callable<Request, Reply>];
  readonly request: Request;
  /** Milliseconds until the second one starts; never, without it. */
  readonly delay: number | undefined;
  /** Asked then whether it may. */
  readonly mayStart: () => boolean;
  /** Told how long the first one took, or at least would have taken. */
  readonly onTime: (milliseconds: number) => void;
  readonly replies: Replies<Reply> | undefined;
}

/** One call of a model in the race. */
interface Runner {
  readonly stop: LinkedStop;
}

/** Two calls of which the first answer wins. */
export class Race<Request extends CallOptions, Reply> {
  readonly #parts: RaceParts<Request, Reply>;
  readonly #began = performance.now();
  readonly #runners: Runner[] = [];
  readonly #failures: ModelError[] = [];
  readonly #outcome: PromiseWithResolvers<Reply> = Promise.withResolvers();
  #timer: NodeJS.Timeout | undefined;
  #decided = false;

  constructor(parts: RaceParts<Request, Reply>) {
    this.#parts = parts;
  }

  /**
   * Starts the first one, and gives the answer that is there first.
   *
   * @throws {ModelError} what they failed with, when all that started have
   */
  run(): Promise<Reply> {
    const { models, delay } = this.#parts;
    if (delay !== undefined) {
      this.#timer = setTimeout(() => this.#startSecond(delay), Math.min(delay, 2 ** 31 - 1));
    }
    this.#start(models[0]);
    return this.#outcome.promise;
  }

  #startSecond(delay: number): void {
    const { models, request, mayStart } = this.#parts;
    if (isOver(request) || !mayStart()) return;
    request.notify?.({ type: "hedge", first: keyOf(models[0]), second: keyOf(models[1]), delay });
    this.#start(models[1]);
  }

  #start(model: Callable<Request, Reply>): void {
    const { request } = this.#parts;
    const stop = linkedStop(request.signal);
    const runner: Runner = { stop };
    this.#runners.push(runner);
    model.call({ ...request, signal: stop.signal }).then(
      (reply) => (this.#decided ? this.#tooLate(runner, reply) : this.#win(runner, reply)),
      (cause: unknown) => {
        stop.unlink();
        if (!this.#decided)
          this.#lose(ModelError.from(cause, { code: "unknown", provider: model.provider, model: model.id }));
      },
    );
  }

  #win(winner: Runner, reply: Reply): void {
    const { replies, onTime } = this.#parts;
    this.#decide();
    // Where the second one won, the first would have taken longer still. Leaving that out would make it look faster than it is.
    onTime(performance.now() - this.#began);
    for (const runner of this.#runners) if (runner !== winner) runner.stop.stop(beaten());
    if (replies) replies.onEnd(reply, () => winner.stop.unlink());
    else winner.stop.unlink();
    this.#outcome.resolve(reply);
  }

  /** Both answered in the same turn, or the other one does not listen to its signal. */
  #tooLate({ stop }: Runner, reply: Reply): void {
    stop.unlink();
    this.#parts.replies?.letGo(reply);
  }

  #lose(error: ModelError): void {
    this.#failures.push(error);
    if (this.#failures.length < this.#runners.length && error.code !== "aborted") return;
    this.#decide();
    const telling = this.#failures.find(({ retryable }) => retryable) ?? this.#failures[0];
    this.#outcome.reject(error.code === "aborted" ? error : asOne(this.#failures, "Both calls failed.", telling));
  }

  #decide(): void {
    this.#decided = true;
    clearTimeout(this.#timer);
  }
}

function beaten(): ModelError {
  return new ModelError("Another call was answered first.", { code: "aborted" });
}
