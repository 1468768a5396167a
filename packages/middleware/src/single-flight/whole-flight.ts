import { ModelError } from "@plugboard/core";
import type { CallOptions } from "@plugboard/core";
import { Company } from "./company.ts";
import { copyOf } from "./flight.ts";
import type { Open } from "./flights.ts";

/** One call of a model whose answers come whole (vectors, an order), and the callers who share it. */
export class WholeFlight<Request extends CallOptions, Result> {
  readonly #leader: Request;
  /** Each waits where their error is told. */
  readonly #company: Company<(error: ModelError) => void>;
  readonly #result: Promise<Result>;

  /** `free` is called when newcomers must make a call of their own. */
  constructor(open: Open<Request, Result>, leader: Request, free: () => void) {
    this.#leader = leader;
    const stop = new AbortController();
    const callOff = (last: ModelError | undefined): void => {
      free();
      stop.abort(last ?? new ModelError("Nobody waits for this answer.", { code: "aborted" }));
    };
    this.#company = new Company(leader, callOff, (error, reject) => reject(error));
    const { deadline: _, ...request } = leader;
    const shared = { ...request, signal: stop.signal, notify: this.#company.notify };
    const ended = (): void => {
      this.#company.end();
      free();
    };
    // What a request has besides its deadline, which each of the callers keeps to by itself, is what it had.
    this.#result = open(shared as Request & typeof shared, () => {});
    this.#result.then(ended, ended);
  }

  join(request: Request): Promise<Result> {
    return new Promise((resolve, reject) => {
      const companion = this.#company.join(request, reject);
      const given = (result: Result): void => {
        companion.leave();
        resolve(result);
      };
      const failed = (cause: unknown): void => {
        companion.leave();
        const error = ModelError.from(cause);
        reject(request === this.#leader ? error : copyOf(error));
      };
      this.#result.then(given, failed);
    });
  }
}
