import { ModelError, ModelReply, defineModel } from "@plugboard/core";
import type { Finish, Model, ModelErrorCode, ModelEvent, ModelParts, ModelRequest } from "@plugboard/core";

/** One thing that a scripted model does: says text, an event or how it ended; waits so many milliseconds; fails. */
export type Step =
  | string
  | ModelEvent
  | (Partial<Finish> & { readonly type?: never })
  | { readonly wait: number }
  | { readonly fails: ModelErrorCode; readonly retryAfter?: number };

/** A model for tests, and what it was asked. */
export interface Scripted extends Model {
  readonly requests: readonly ModelRequest[];
  /** Answers that are being given. */
  readonly open: number;
}

/** Plays the steps that the script gives for a request; an answer without an end of its own ends by itself. */
export function scripted(
  id: string,
  script: readonly Step[] | ((request: ModelRequest, call: number) => readonly Step[]),
  parts: Partial<ModelParts> = {},
): Scripted {
  const requests: ModelRequest[] = [];
  let open = 0;

  async function* played(steps: readonly Step[], { signal }: ModelRequest) {
    open++;
    try {
      for (const step of steps) {
        if (typeof step === "object" && "wait" in step) await pause(step.wait, signal!);
        else if (typeof step === "object" && "fails" in step) {
          const { fails: code, retryAfter } = step;
          throw new ModelError(`${id} said ${code}.`, { code, provider: "script", model: id, retryAfter });
        } else yield step;
      }
      yield { finishReason: "stop", usage: { input: 10, output: steps.length } } as const;
    } finally {
      open--;
    }
  }

  const model = defineModel({
    provider: "script",
    id,
    ...parts,
    call: (request) => {
      const call = requests.push(request) - 1;
      const steps = typeof script === "function" ? script(request, call) : script;
      return ModelReply.from(played(steps, request), { model: id });
    },
  });
  return Object.defineProperties(model, { requests: { value: requests }, open: { get: () => open } }) as Scripted;
}

function pause(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delay);
    const stop = (): void => {
      clearTimeout(timer);
      reject(ModelError.calledOff(signal));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

/** What a call failed with. */
export async function failureOf(answer: Promise<unknown>): Promise<ModelError> {
  const error = await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (error instanceof ModelError) return error;
  throw new Error("It did not fail with a ModelError.", { cause: error });
}
