import { ModelError, circumstancesOf } from "@plugboard/core";
import type { CallOptions, ModelErrorCode, ModelKey, Prompt } from "@plugboard/core";
import { asOne } from "../as-one.ts";
import { isOver } from "../is-over.ts";
import { refused } from "../refused.ts";
import type { Cooldown, Cooling } from "./cooldown.ts";
import type { Knowledge, Misfit } from "./needs.ts";
import { misfitOf, roomOf } from "./needs.ts";
import type { Target } from "./target.ts";

declare module "@plugboard/core" {
  interface Notices {
    /**
     * A model is not asked: the request does not fit its context window, it cannot do what is asked, it is left alone after a failure, or
     * it does not go on from the beginning of an answer. `error` says it in a sentence.
     */
    skipped: {
      readonly model: ModelKey;
      readonly reason: "context" | "abilities" | "cooldown" | "continuation";
      readonly error: ModelError;
    };
    /** A model failed, and is left alone for `delay` milliseconds while there are others. */
    cooldown: { readonly model: ModelKey; readonly delay: number; readonly error: ModelError };
  }
}

/** What is the same for all calls of one fallback. */
export interface RowRules<Request extends CallOptions, Reply> {
  readonly targets: readonly Target<Request, Reply>[];
  readonly cooldown: Cooldown | undefined;
  readonly knowledge: Knowledge;
  /** Whether the next one is asked at this failure. */
  readonly passes: (error: ModelError) => boolean;
  /** The share of the time until the deadline that a model has while others are left. */
  readonly share: number;
}

/** One model's turn: what it is asked, and since when. */
export interface Turn<Request extends CallOptions, Reply> {
  readonly target: Target<Request, Reply>;
  readonly request: Request;
  readonly since: number;
}

/** Who is asked, one after the other, in one call. */
export class Row<Request extends CallOptions, Reply> {
  readonly rules: RowRules<Request, Reply>;
  readonly request: Request;
  /** What each failed with, or why it was not asked, in order. */
  readonly #said = new Map<Target<Request, Reply>, ModelError>();
  /** Those of them that were asked. */
  readonly #failures: ModelError[] = [];

  #place = 0;
  /** Passed by while they are left alone. */
  #cooling: Target<Request, Reply>[] = [];
  #asked = false;
  /** The largest room, in tokens, that was too small. */
  #tooSmall = 0;

  constructor(rules: RowRules<Request, Reply>, request: Request) {
    this.rules = rules;
    this.request = request;
  }

  /**
   * The next one to ask, in order; at last those that are left alone, unless their providers asked for it. Where nobody else can be
   * asked, the one that is left alone for the shortest time is asked all the same. With `goOn`, only those that go on from the beginning
   * of an answer: it puts that into their requests.
   */
  async next(goOn?: (request: Request) => Request): Promise<Turn<Request, Reply> | undefined> {
    const { targets } = this.rules;
    while (this.#place < targets.length) {
      const target = targets[this.#place++]!;
      if (this.#coolingOf(target)) this.#cooling.push(target);
      else {
        const turn = await this.#turnOf(target, goOn);
        if (turn) return turn;
      }
    }
    for (let target = this.#takeSoonest(); target; target = this.#takeSoonest()) {
      const cooling = this.#coolingOf(target);
      if (cooling?.told && this.#asked) this.#leaveAlone(target, cooling);
      else {
        const turn = await this.#turnOf(target, goOn);
        if (turn) return turn;
      }
    }
    return undefined;
  }

  /** Whether anybody is left who might be asked. */
  get hasMore(): boolean {
    return this.#place < this.rules.targets.length || this.#cooling.length > 0;
  }

  /** A turn ended with a failure. */
  failed(turn: Turn<Request, Reply>, error: ModelError): void {
    const { target, request } = turn;
    this.poor(target, error);
    if (error.code === "context-length" && !target.change) {
      const room = this.#roomOf(target, promptOf(request));
      if (room !== Infinity) this.#tooSmall = Math.max(this.#tooSmall, room);
    }
    this.broke(turn, error);
  }

  /** An answer failed, perhaps while it was read: a reason to leave the model alone, unless the caller called it off. */
  broke({ target: { name, key }, since }: Turn<Request, Reply>, error: ModelError): void {
    if (error.code === "aborted" || isOver(this.request)) return;
    const cooling = this.rules.cooldown?.failed(name, error, since);
    if (cooling) this.request.notify?.({ type: "cooldown", model: key, delay: cooling.left, error });
  }

  /** What a model did is not good enough, which is no reason to leave it alone. */
  poor(target: Target<Request, Reply>, error: ModelError): void {
    this.#failures.push(error);
    this.#say(target, error);
  }

  /** What the last one that was asked failed with. */
  get lastFailure(): ModelError {
    return this.#failures.at(-1)!;
  }

  /** All that went wrong, as one; by default it is what the first failure that may pass says, or the first one. */
  failure(sentence?: string, telling?: ModelError): ModelError {
    const all = [...this.#said.values()];
    const first = telling ?? this.#failures.find(({ retryable }) => retryable) ?? this.#failures[0];
    return asOne(all, sentence ?? `None of ${all.length} models answered.`, first);
  }

  /** A turn ended with an answer that was whole. */
  answered({ target, since }: Turn<Request, Reply>): void {
    this.rules.cooldown?.answered(target.name, since);
  }

  #coolingOf({ name }: Target<Request, Reply>): Cooling | undefined {
    return this.rules.cooldown?.of(name);
  }

  #takeSoonest(): Target<Request, Reply> | undefined {
    const left = (target: Target<Request, Reply>): number => this.#coolingOf(target)?.left ?? 0;
    const [soonest] = this.#cooling.toSorted((a, b) => left(a) - left(b));
    this.#cooling = this.#cooling.filter((target) => target !== soonest);
    return soonest;
  }

  async #turnOf(
    target: Target<Request, Reply>,
    goOn: ((request: Request) => Request) | undefined,
  ): Promise<Turn<Request, Reply> | undefined> {
    if (goOn && target.continues === false) {
      this.#skip(target, "continuation", "unsupported", "does not go on from the beginning of an answer");
      return undefined;
    }
    const changed = target.change ? await this.#changed(target.change) : this.request;
    const request = goOn ? goOn(changed) : changed;
    const misfit = await this.#misfitOf(target, request);
    if (misfit) {
      this.#skip(target, misfit.code === "unsupported" ? "abilities" : "context", misfit.code, misfit.why);
      return undefined;
    }
    for (const cooling of this.#cooling) {
      const state = this.#coolingOf(cooling);
      if (state) this.#leaveAlone(cooling, state);
    }
    this.#asked = true;
    return { target, request, since: performance.now() };
  }

  /** The request that the application makes of it; the circumstances of the call stay, whatever is left out. */
  async #changed(change: (request: Request) => Request | Promise<Request>): Promise<Request> {
    try {
      return { ...circumstancesOf(this.request), ...(await change(this.request)) };
    } catch (cause) {
      throw refused("`request` of a model of the fallback failed.", cause);
    }
  }

  /** What is known by a look-up that fails is not known: nobody is passed by for it. */
  async #misfitOf(target: Target<Request, Reply>, request: Request): Promise<Misfit | undefined> {
    const { knowledge } = this.rules;
    if (!isPrompt(request) || (!knowledge.limits && !knowledge.abilities)) return undefined;
    const room = this.#tooSmall > 0 && !target.change ? this.#roomOf(target, request) : Infinity;
    if (room <= this.#tooSmall) {
      return {
        code: "context-length",
        why: `takes ${room} tokens of input, and ${this.#tooSmall} were too few before`,
      };
    }
    try {
      return await misfitOf(target.leaves, request, knowledge);
    } catch (error) {
      this.request.notify?.({ type: "fault", error });
      return undefined;
    }
  }

  #roomOf({ leaves }: Target<Request, Reply>, prompt: Prompt): number {
    try {
      return roomOf(leaves, prompt, this.rules.knowledge);
    } catch (error) {
      this.request.notify?.({ type: "fault", error });
      return Infinity;
    }
  }

  #leaveAlone(target: Target<Request, Reply>, { left, told, error }: Cooling): void {
    if (this.#said.has(target)) return;
    const why = `is left alone for ${Math.ceil(left)} ms${told ? ", as it asked" : ""}, since it failed: ${error.message}`;
    this.#skip(target, "cooldown", error.code, why, told ? left : undefined);
  }

  #skip(
    target: Target<Request, Reply>,
    reason: "context" | "abilities" | "cooldown" | "continuation",
    code: ModelErrorCode,
    why: string,
    retryAfter?: number,
  ): void {
    const { key } = target;
    const { provider, id } = key;
    const error = new ModelError(`${id} ${why}.`, { code, provider, model: id, retryAfter });
    this.#say(target, error);
    this.request.notify?.({ type: "skipped", model: key, reason, error });
  }

  #say(target: Target<Request, Reply>, error: ModelError): void {
    this.#said.delete(target);
    this.#said.set(target, error);
  }
}

function isPrompt(request: CallOptions): request is CallOptions & Prompt {
  return "messages" in request;
}

function promptOf(request: CallOptions): Prompt {
  return isPrompt(request) ? request : { messages: [] };
}
