import { ModelError, ModelReply, defineModel } from "@plugboard/core";
import type {
  AssistantPart,
  Finish,
  FinishReason,
  Json,
  Model,
  ModelErrorCode,
  ModelEvent,
  ModelRequest,
  Usage,
} from "@plugboard/core";

/** One thing that a scripted model does. */
export type ScriptedStep =
  /** Says a piece of text. */
  | string
  /** Thinks a piece. */
  | { readonly reasoning: string }
  /** Asks for a tool; the id is made up where left out. */
  | { readonly toolCall: { readonly name: string; readonly input: Json; readonly id?: string } }
  /** Says any other part whole, such as a source. */
  | { readonly part: AssistantPart }
  /** Tells the tokens so far; the last ones stand in the finish. */
  | { readonly usage: Usage }
  /** Waits so many milliseconds. */
  | { readonly wait: number }
  /** Says nothing more until it is called off. */
  | { readonly hang: true }
  /** Fails with an error of this code; nothing after it is played. */
  | {
      readonly error: ModelErrorCode;
      readonly message?: string;
      readonly status?: number;
      /** Milliseconds. */
      readonly retryAfter?: number;
    }
  /** Fails with something that is not ours. */
  | Error
  /** Ends. Without it an answer ends by itself: `tool-calls` if it asked for a tool, else `stop`. */
  | { readonly finish: FinishReason | Partial<Finish> }
  /** The connection closes though the answer has not ended. */
  | { readonly close: true };

/** One answer: a step, several, or a function that decides by what was asked. */
export type ScriptedAnswer =
  | ScriptedStep
  | readonly ScriptedStep[]
  | ((request: ModelRequest, call: number) => ScriptedStep | readonly ScriptedStep[]);

/** Who a scripted model says it is. */
export interface ScriptedIdentity {
  /** @default "scripted" */
  readonly provider?: string;
  /** @default "scripted" */
  readonly id?: string;
  readonly catalogId?: string;
}

/** A model that plays what it was told to, and remembers what it was asked. */
export interface ScriptedModel extends Model {
  /** What it was asked, in order. */
  readonly requests: readonly ModelRequest[];
  /** Answers being played now. */
  readonly open: number;
  /** Answers let go before they had ended. */
  readonly cancelled: number;
}

/**
 * A model for unit tests: each call plays the next answer, and the last one again once there are no more.
 *
 * @example
 * const model = scripted({ error: "overloaded" }, ["Hel", "lo"]);
 * const { content } = await model.with(retry()).generate("Hi");
 * expect(model.requests).toHaveLength(2);
 */
export function scripted(...answers: readonly ScriptedAnswer[]): ScriptedModel {
  return scriptedAs({}, ...answers);
}

/**
 * The same under a name of its own, where a test has several models or looks prices up.
 *
 * @throws {ModelError} `invalid-request` without an answer
 * @example
 * const models = [scriptedAs({ id: "first" }, { error: "server" }), scriptedAs({ id: "second" }, "Hello")];
 */
export function scriptedAs(identity: ScriptedIdentity, ...answers: readonly ScriptedAnswer[]): ScriptedModel {
  const { provider = "scripted", id = "scripted", catalogId } = identity;
  if (answers.length === 0) {
    throw new ModelError("A scripted model needs at least one answer.", { code: "invalid-request" });
  }
  const requests: ModelRequest[] = [];
  let open = 0;
  let cancelled = 0;

  async function* played(steps: readonly ScriptedStep[], signal: AbortSignal): AsyncGenerator<ModelEvent> {
    let ended = false;
    open++;
    try {
      for await (const event of eventsOfSteps(steps, { provider, model: id }, signal)) {
        ended = event.type === "finish";
        yield event;
      }
      ended = true;
    } catch (error) {
      ended ||= !signal.aborted;
      throw error;
    } finally {
      open--;
      if (!ended) cancelled++;
    }
  }

  const model = defineModel({
    provider,
    id,
    catalogId,
    call: (request) => {
      const call = requests.push(request) - 1;
      const answer = answers[Math.min(call, answers.length - 1)]!;
      const steps = [typeof answer === "function" ? answer(request, call) : answer].flat();
      return ModelReply.from(played(steps, request.signal!), { model: id });
    },
  });
  return Object.defineProperties(model, {
    requests: { value: requests },
    open: { get: () => open },
    cancelled: { get: () => cancelled },
  }) as ScriptedModel;
}

async function* eventsOfSteps(
  steps: readonly ScriptedStep[],
  who: { readonly provider: string; readonly model: string },
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  let index = 0;
  let open: { readonly type: "text" | "reasoning"; text: string } | undefined;
  let usage: Usage = {};
  let finishReason: FinishReason = "stop";

  /** Ends the part that is being said. */
  function* close(): Generator<ModelEvent> {
    if (open) yield { type: "part", index: index++, part: open };
    open = undefined;
  }

  function* say(type: "text" | "reasoning", text: string): Generator<ModelEvent> {
    if (open?.type !== type) yield* close();
    open ??= { type, text: "" };
    open.text += text;
    yield { type: `${type}-delta`, index, text };
  }

  yield { type: "start", model: who.model };
  for (const step of steps) {
    if (typeof step === "string") yield* say("text", step);
    else if (step instanceof Error) throw step;
    else if ("reasoning" in step) yield* say("reasoning", step.reasoning);
    else if ("toolCall" in step) {
      yield* close();
      const { name, input, id = `call_${index}` } = step.toolCall;
      const raw = JSON.stringify(input);
      yield { type: "tool-call-start", index, id, name };
      yield { type: "tool-call-delta", index, text: raw };
      yield { type: "part", index: index++, part: { type: "tool-call", id, name, input, raw } };
      finishReason = "tool-calls";
    } else if ("part" in step) {
      yield* close();
      yield { type: "part", index: index++, part: step.part };
    } else if ("usage" in step) {
      ({ usage } = step);
      yield { type: "usage", usage };
    } else if ("wait" in step) await pause(step.wait, signal);
    else if ("hang" in step) await pause(undefined, signal);
    else if ("error" in step) {
      const { error: code, message = `The script says ${code}.`, ...more } = step;
      throw new ModelError(message, { code, ...who, ...more });
    } else if ("close" in step) return;
    else {
      yield* close();
      const finish = typeof step.finish === "string" ? { finishReason: step.finish } : step.finish;
      yield { type: "finish", finishReason, usage, ...finish };
      return;
    }
  }
  yield* close();
  yield { type: "finish", finishReason, usage };
}

/** Settles after so many milliseconds, or never; rejects as soon as the call is called off. */
function pause(milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(ModelError.from(signal.reason, { code: "aborted" }));
    };
    const timer =
      milliseconds === undefined
        ? undefined
        : setTimeout(() => {
            signal.removeEventListener("abort", stop);
            resolve();
          }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
