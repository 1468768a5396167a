import type { Call } from "./callable.ts";
import type { EventOf, Finish, ModelEvent, Warning } from "./event.ts";
import type { Message } from "./message.ts";
import type { ModelReply } from "./model-reply.ts";
import type { AssistantPart, ToolCallPart } from "./part.ts";
import type { ReplySource } from "./reply-source.ts";
import type { ModelRequest } from "./request.ts";
import type { Tool } from "./tool.ts";
import type { PreparedCall, ToolRules } from "./tool-step.ts";
import type { Usage } from "./usage.ts";
import { ModelError } from "./error.ts";
import { orCalledOff } from "./or-called-off.ts";
import { answerCalls, prepareCalls } from "./tool-step.ts";
import { addUsage } from "./usage.ts";

/** A call, and the index of its part in this step. */
interface Held {
  readonly index: number;
  readonly part: ToolCallPart;
}

/** What to do when more is wanted. */
type Phase =
  | { readonly do: "ask" }
  | { readonly do: "read"; readonly reply: ModelReply }
  | { readonly do: "answer"; readonly calls: readonly PreparedCall[]; readonly ending: Finish }
  | { readonly do: "fail"; readonly error: unknown }
  | { readonly do: "nothing" };

/** After these, calls are whole and meant. */
const runnable: ReadonlySet<Finish["finishReason"]> = new Set(["tool-calls", "stop", "other"]);

/** Where the events of a conversation with tools come from: the answers of all steps one after the other, the results between. */
export class ToolLoop implements ReplySource {
  readonly #call: Call;
  readonly #request: ModelRequest;
  readonly #rules: ToolRules;
  readonly #steps: number;
  /** Ours, so that it also fires when the reply is let go; and so that nothing stays on the caller's. */
  readonly #stop = new AbortController();

  readonly #messages: Message[];
  #phase: Phase = { do: "ask" };
  #step = 0;
  /** What is added to the indexes of this step, and the highest that was given. */
  #offset = 0;
  #top = -1;
  /** Of this step: its parts, and the calls among them, which wait for what becomes of them. */
  #parts: AssistantPart[] = [];
  #held: Held[] = [];

  /** Over the steps before. */
  #usage: Usage = {};
  #warnings: Warning[] = [];
  #allCached = true;
  /** Takes our listener off the caller's signal. */
  #unlink: () => void = () => {};

  constructor(call: Call, request: ModelRequest, rules: ToolRules, steps: number) {
    this.#call = call;
    this.#request = { ...request, tools: rules.tools.map(asData), signal: this.#stop.signal };
    this.#rules = rules;
    this.#steps = steps;
    this.#messages = [...request.messages];
    const { signal } = request;
    if (!signal) return;
    const onAbort = (): void => this.#stop.abort(signal.reason);
    if (signal.aborted) onAbort();
    else {
      signal.addEventListener("abort", onAbort, { once: true });
      this.#unlink = () => signal.removeEventListener("abort", onAbort);
    }
  }

  async pull(): Promise<readonly ModelEvent[] | undefined> {
    try {
      return await this.#go(this.#phase);
    } catch (error) {
      this.#end(error);
      throw error;
    }
  }

  #go(phase: Phase): Promise<readonly ModelEvent[] | undefined> {
    switch (phase.do) {
      case "ask":
        return this.#ask().then((reply) => this.#read(reply));
      case "read":
        return this.#read(phase.reply);
      case "answer":
        return this.#answer(phase.calls, phase.ending);
      case "fail":
        throw phase.error;
      default:
        return Promise.resolve(undefined);
    }
  }

  cancel(): void {
    if (this.#phase.do === "read") this.#phase.reply.cancel();
    this.#end();
  }

  /** Nothing more is said: whoever still works for this is told, and the caller's signal is left. */
  #end(error?: unknown): void {
    this.#unlink();
    if (this.#phase.do !== "nothing") this.#stop.abort(error);
    this.#phase = { do: "nothing" };
  }

  async #ask(): Promise<ModelReply> {
    const { toolChoice } = this.#request;
    // A forced call would be forced again at every step.
    const free = this.#step > 0 && toolChoice !== undefined && toolChoice !== "none";
    this.#step++;
    this.#parts = [];
    this.#held = [];
    const reply = await this.#call({
      ...this.#request,
      messages: [...this.#messages],
      ...(free && { toolChoice: "auto" }),
    });
    if (this.#stop.signal.aborted) {
      reply.cancel();
      throw ModelError.calledOff(this.#stop.signal);
    }
    this.#phase = { do: "read", reply };
    return reply;
  }

  /** One read of the answer of this step. */
  async #read(reply: ModelReply): Promise<readonly ModelEvent[] | undefined> {
    const out: ModelEvent[] = [];
    try {
      const events = await reply.pull();
      if (!events) return undefined;
      for (const event of events) {
        if (event.type !== "finish") this.#pass(event, out);
        else {
          // Its end waits until the layers behind it have booked it: the next step must find that done.
          await orCalledOff(reply.pull(), this.#request);
          await this.#finish(event, out);
        }
      }
    } catch (error) {
      // What was said before is given first, calls that nobody answers included.
      for (const held of this.#held) this.#give(held, out);
      this.#held = [];
      if (out.length === 0 || this.#phase.do === "nothing") throw error;
      this.#phase = { do: "fail", error };
    }
    return out;
  }

  #pass(event: Exclude<ModelEvent, { type: "finish" }>, out: ModelEvent[]): void {
    switch (event.type) {
      case "start":
        if (this.#step === 1) out.push(event);
        else if (event.warnings) this.#warnings.push(...event.warnings);
        return;
      case "usage":
        out.push(this.#step === 1 ? event : { type: "usage", usage: addUsage(this.#usage, event.usage) });
        return;
      case "part":
        this.#parts[event.index] = event.part;
        if (event.part.type === "tool-call" && !event.part.executed) {
          this.#held.push({ index: event.index, part: event.part });
        } else this.#give(event, out);
        return;
      default:
        out.push(this.#shifted(event));
    }
  }

  #give({ index, part }: { readonly index: number; readonly part: AssistantPart }, out: ModelEvent[]): void {
    const shifted = index + this.#offset;
    if (shifted > this.#top) this.#top = shifted;
    out.push({ type: "part", index: shifted, part });
  }

  /** The same event at its index of the whole; written out, since it is done to every delta. */
  #shifted(event: Exclude<ModelEvent, { type: "start" | "usage" | "part" | "finish" }>): ModelEvent {
    const index = event.index + this.#offset;
    if (index > this.#top) this.#top = index;
    if (this.#offset === 0) return event;
    switch (event.type) {
      case "text-delta":
        return { type: "text-delta", index, text: event.text };
      case "reasoning-delta":
        return { type: "reasoning-delta", index, text: event.text };
      case "tool-call-delta":
        return { type: "tool-call-delta", index, text: event.text };
      case "tool-call-start":
        return { type: "tool-call-start", index, id: event.id, name: event.name };
      default: // a type that this version does not know
        return event;
    }
  }

  /** The end of a step: the end of the reply, or work for tools. */
  async #finish({ type: _, ...finish }: EventOf<"finish">, out: ModelEvent[]): Promise<void> {
    this.#usage = addUsage(this.#usage, finish.usage);
    if (finish.warnings) this.#warnings.push(...finish.warnings);
    this.#allCached &&= finish.cached === true;

    const held = this.#held;
    if (held.length === 0 || !runnable.has(finish.finishReason)) {
      for (const call of held) this.#give(call, out);
      return this.#conclude(finish, out);
    }
    if (this.#step >= this.#steps) {
      for (const call of held) this.#give(call, out);
      const message = `The model called tools in its last step, number ${this.#steps}; they were not run.`;
      this.#warnings.push({ code: "steps", message });
      return this.#conclude({ ...finish, finishReason: "tool-calls" }, out);
    }

    const calls = await orCalledOff(
      prepareCalls(
        held.map(({ part }) => part),
        this.#rules,
      ),
      this.#request,
    );
    held.forEach(({ index, part }, place) => {
      const left = calls[place]!.act === "leave";
      this.#give({ index, part: left ? part : { ...part, executed: true } }, out);
    });
    this.#held = [];
    const ending: Finish = { ...finish, finishReason: "tool-calls" };
    if (calls.every(({ act }) => act === "leave")) return this.#conclude(ending, out);
    out.push({ type: "usage", usage: this.#usage });
    this.#phase = { do: "answer", calls, ending };
  }

  /** Runs the tools, and tells their results; then the model is asked again, unless a call is left to the caller. */
  async #answer(calls: readonly PreparedCall[], ending: Finish): Promise<readonly ModelEvent[]> {
    const { signal } = this.#stop;
    const { tags = {}, notify = () => {}, deadline } = this.#request;
    const results = await orCalledOff(answerCalls(calls, this.#rules.approve, { signal, tags, notify }), {
      signal,
      deadline,
    });

    const out: ModelEvent[] = [];
    for (const part of results) {
      this.#top++;
      out.push({ type: "part", index: this.#top, part: { ...part, executed: true } });
    }
    if (calls.some(({ act }) => act === "leave")) this.#conclude(ending, out);
    else {
      const content = this.#parts.filter((part) => part !== undefined);
      this.#messages.push({ role: "assistant", content }, { role: "tool", content: results });
      this.#offset = this.#top + 1;
      this.#phase = { do: "ask" };
    }
    return out;
  }

  #conclude({ cached: _, warnings: __, ...finish }: Finish, out: ModelEvent[]): void {
    out.push({
      type: "finish",
      ...finish,
      usage: this.#usage,
      ...(this.#warnings.length > 0 && { warnings: this.#warnings }),
      ...(this.#allCached && { cached: true }),
    });
    this.#held = [];
    this.#unlink();
    this.#phase = { do: "nothing" };
  }
}

/** A tool as models, caches and logs are told of it: without its functions. */
function asData(tool: Tool): Tool {
  if (tool.type === "provider") return tool;
  const { type, name, description, input, strict, providerData } = tool;
  return {
    ...(type && { type }),
    name,
    ...(description !== undefined && { description }),
    input,
    ...(strict !== undefined && { strict }),
    ...(providerData && { providerData }),
  };
}
