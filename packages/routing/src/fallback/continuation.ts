import { ModelError, addUsage } from "@plugboard/core";
import type { ModelEvent, ModelKey, ModelReply, ModelRequest, ReplySource, Usage, Warning } from "@plugboard/core";
import { isOver } from "../is-over.ts";
import { linkedStop } from "../linked-stop.ts";
import type { LinkedStop } from "../linked-stop.ts";
import { Given } from "./given.ts";
import { Leg } from "./leg.ts";
import { Overlap } from "./overlap.ts";
import type { Row, Turn } from "./row.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** An answer broke off after the reader had some of it, and another model goes on. */
    resumed: { readonly from: ModelKey; readonly to: ModelKey; readonly error: ModelError };
  }
}

type Give = (events: readonly ModelEvent[] | undefined) => void;
type Fail = (error: unknown) => void;

/** What no model says itself: blanks at the end, and half of a character. */
const ragged = /[\s\uD800-\uDBFF]+$/;

/**
 * An answer that goes on with the next model when it breaks off.
 *
 * The first leg is passed on as it comes. When it breaks off in a text, the next model of the row is asked the same, with that text as the
 * beginning of its answer, and {@link Leg} joins what it says. Not in a tool call, a thought or JSON, which nobody can go on from.
 */
export class Continuation implements ReplySource {
  readonly #row: Row<ModelRequest, ModelReply>;
  readonly #given = new Given();
  #turn: Turn<ModelRequest, ModelReply>;
  /** The reply that is read; while the next model is being asked, the one that broke off. */
  #reply: ModelReply;
  #leg: Leg | undefined;
  /** Stops a model that is being asked to go on. */
  #stop: LinkedStop | undefined;
  #over = false;

  /** Of the legs that broke off. */
  #usage: Usage = {};
  readonly #warnings: Warning[] = [];

  /** Who waits for the read that is under way. */
  #give: Give = () => {};
  #fail: Fail = () => {};

  constructor(row: Row<ModelRequest, ModelReply>, turn: Turn<ModelRequest, ModelReply>, reply: ModelReply) {
    this.#row = row;
    this.#turn = turn;
    this.#reply = reply;
  }

  pull(): Promise<readonly ModelEvent[] | undefined> {
    return new Promise((resolve, reject) => this.take(resolve, reject));
  }

  take(give: Give, fail: Fail): void {
    this.#give = give;
    this.#fail = fail;
    this.#reply.take(this.#onRead, this.#onFailure);
  }

  cancel(): void {
    this.#over = true;
    this.#reply.cancel();
    this.#stop?.stop();
    this.#stop?.unlink();
  }

  // Made once, not for each read.
  readonly #onRead = (events: readonly ModelEvent[] | undefined): void => {
    if (events && this.#leg) this.#give(this.#leg.read(events));
    else {
      if (events) for (const event of events) this.#given.add(event);
      this.#give(events);
    }
  };

  readonly #onFailure = (cause: unknown): void => {
    const error = ModelError.from(cause);
    if (this.#canGoOn(error)) {
      this.#goOn(error).then(
        () => this.#reply.take(this.#onRead, this.#onFailure),
        (failure: unknown) => this.#end(failure),
      );
    } else if (!this.#leg || error.code === "aborted") this.#end(error);
    else {
      this.#row.failed(this.#turn, error);
      this.#end(this.#ending(error));
    }
  };

  #end(failure: unknown): void {
    this.#stop?.unlink();
    this.#fail(failure);
  }

  #canGoOn(error: ModelError): boolean {
    const { request, rules } = this.#row;
    const isPlain = request.output === undefined && request.suffix === undefined;
    const mayPass = error.retryable && rules.passes(error) && !this.#over;
    return isPlain && mayPass && this.#given.canGoOn && toldOf(this.#given.text) !== "";
  }

  /** Asks the models that are left, until one goes on. */
  async #goOn(error: ModelError): Promise<void> {
    const { request } = this.#row;
    this.#row.failed(this.#turn, error);
    this.#count();
    const told = toldOf(this.#given.text);
    this.#stop ??= linkedStop(request.signal);
    const { signal } = this.#stop;

    let from = this.#turn.target.key;
    let why = error;
    for (;;) {
      const turn = isOver(request) ? undefined : await this.#row.next((asked) => this.#asking(asked, told, signal));
      if (signal.aborted) throw ModelError.calledOff(signal);
      if (!turn || isOver(request)) throw this.#ending(error);
      const { target } = turn;
      request.notify?.({ type: "resumed", from, to: target.key, error: why });
      try {
        const reply = await target.model.call(turn.request);
        if (signal.aborted) {
          reply.cancel();
          throw ModelError.calledOff(signal);
        }
        this.#begin(turn, reply, told, error);
        return;
      } catch (cause) {
        why = ModelError.from(cause, { code: "unknown", provider: target.key.provider, model: target.key.id });
        if (signal.aborted || why.code === "aborted") throw why;
        this.#row.failed(turn, why);
        if (!this.#row.rules.passes(why)) throw this.#ending(error);
        from = target.key;
      }
    }
  }

  /** The next leg. */
  #begin(turn: Turn<ModelRequest, ModelReply>, reply: ModelReply, told: string, { code }: ModelError): void {
    const { key, continues } = turn.target;
    const before = this.#turn.target.key;
    const message = `The answer of ${before.provider} ${before.id} broke off (${code}), and ${key.provider} ${key.id} went on.`;
    this.#warnings.push({ code: "resumed", message });
    this.#turn = turn;
    this.#reply = reply;
    const { text } = this.#given;
    const overlap = new Overlap(text, { untold: text.length - told.length, exact: continues === "exactly" });
    this.#leg = new Leg({ given: this.#given, overlap, usage: this.#usage, warnings: this.#warnings });
  }

  /** The request, and the beginning of the answer; what was said of it counts towards the limit of the whole. */
  #asking(request: ModelRequest, told: string, signal: AbortSignal): ModelRequest {
    const { maxOutputTokens: most, messages } = request;
    return {
      ...request,
      signal,
      messages: [...messages, { role: "assistant", content: told }],
      ...(most !== undefined && { maxOutputTokens: Math.max(1, most - (this.#usage.output ?? 0)) }),
    };
  }

  /** Adds the usage of the leg that broke off. Providers tell the output at the end, so without it there is an estimate. */
  #count(): void {
    const { usage } = this.#reply.arrived;
    const said = this.#reply.arrived.content.reduce(
      (sum, part) => sum + (part.type === "text" || part.type === "reasoning" ? part.text.length : 0),
      0,
    );
    const counted: Usage =
      usage.output === undefined ? { ...usage, output: Math.ceil(said / 4), estimated: true } : usage;
    this.#usage = addUsage(this.#usage, counted);
  }

  /** All that went wrong, told by what broke the answer off; what was said is more than one leg knows. */
  #ending(error: ModelError): ModelError {
    const failure = this.#row.failure("The answer broke off, and nobody went on with it.", error);
    if (failure !== error) failure.partial = undefined;
    return failure;
  }
}

/** What the next model is told of a text: without what models do not say at an end, and some providers refuse. */
function toldOf(text: string): string {
  return text.replace(ragged, "");
}
