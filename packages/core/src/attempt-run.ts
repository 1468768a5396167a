import type { AttemptPlan } from "./attempt.ts";
import type { AttemptOwner, Said } from "./attempt-watch.ts";
import type { AdapterCall } from "./callable.ts";
import type { ModelError } from "./error.ts";
import type { ModelEvent } from "./event.ts";
import type { Flow } from "./flow.ts";
import type { ModelRequest } from "./request.ts";
import type { Outcome } from "./reply-source.ts";
import type { ModelResult } from "./result.ts";
import { AttemptWatch } from "./attempt-watch.ts";
import { ModelReply, cancelWhenDropped, flowOf } from "./model-reply.ts";

const isFinish = (event: ModelEvent): boolean => event.type === "finish";
const letGo = (reply: ModelReply): void => reply.cancel();

/** One attempt of one chat adapter. Its answer is held until it is whole when nobody reads deltas, and watched until it ends. */
export class AttemptRun implements AttemptOwner {
  readonly #request: ModelRequest;
  readonly #watch: AttemptWatch;
  #flow: Flow | undefined;

  constructor(plan: AttemptPlan, request: ModelRequest) {
    this.#request = request;
    this.#watch = new AttemptWatch(plan, request, this);
  }

  calledOff(error: ModelError): void {
    this.#flow?.abort(error);
  }

  async run(call: AdapterCall): Promise<ModelReply> {
    try {
      this.#watch.begin();
      const reply = await this.#watch.over(this.#open(call), letGo);
      this.#watch.arrived();
      // A whole answer that was to be streamed and is never read ends its attempt when it is collected.
      if (this.#request.stream) cancelWhenDropped(reply);
      return reply.onEnd((outcome) => this.#end(outcome));
    } catch (cause) {
      throw this.#watch.fail(cause);
    }
  }

  async #open(call: AdapterCall): Promise<ModelReply> {
    const { controller } = this.#watch;
    let reply = await call({ ...this.#request, signal: controller.signal }, controller);
    // A reply of another copy of this package is opened once more, so that it can be called off from here.
    if (!flowOf(reply)) reply = await ModelReply.open(reply);
    this.#hold(flowOf(reply));
    if (this.#request.stream || this.#flow?.gathered.finish) return reply;
    const whole = await ModelReply.open(reply, isFinish);
    this.#hold(flowOf(whole));
    return whole;
  }

  #hold(flow: Flow | undefined): void {
    const { notify } = this.#request;
    this.#flow = flow;
    if (flow && notify) flow.notify = notify;
  }

  #end(outcome: Outcome): void {
    if (outcome.status === "finished") this.#watch.finish(this.#said(undefined));
    else if (outcome.status === "cancelled") this.#watch.cancel(this.#said(outcome.partial));
    else this.#watch.fail(outcome.error);
  }

  said({ partial }: ModelError): Said {
    return this.#said(partial);
  }

  /** What the source said, without putting a result together for it. */
  #said(partial: ModelResult | undefined): Said {
    const gathered = this.#flow?.gathered;
    if (partial) return { usage: partial.usage, model: partial.model, partial, half: gathered?.half };
    return { usage: gathered?.usage, model: gathered?.start?.model };
  }
}
