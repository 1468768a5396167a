import type { Model } from "./callable.ts";
import type { ModelReply as Reply } from "./model-reply.ts";
import type { ModelRequest } from "./request.ts";
import type { Tool } from "./tool.ts";
import type { Approve } from "./tool-step.ts";
import { ModelError } from "./error.ts";
import { defineModel } from "./model.ts";
import { ModelReply } from "./model-reply.ts";
import { Repeats } from "./repeats.ts";
import { ToolLoop } from "./tool-loop.ts";

/** A request whose tools are run here. */
export interface ToolsRequest extends Omit<ModelRequest, "tools"> {
  /** Those of `defineTool` are run; calls of others are left to the caller, or run by the provider. */
  readonly tools: readonly Tool[];
  /** How often the model is asked at most, the first time included. @default 8 */
  readonly steps?: number;
  /**
   * Asked before a call runs, one call at a time, of every tool that does not say `needsApproval: false`. A call that is not approved
   * is answered with an error result that says so. What it throws ends the reply.
   */
  readonly approve?: Approve;
  /** What becomes of arguments that are not JSON or do not fit: told to the model, or thrown as `parse`. @default "return" */
  readonly onInvalid?: "return" | "throw";
  /** How often the same call with the same arguments is answered, and how many calls of unknown tools. @default 3 */
  readonly repeats?: number;
  /** Characters of arguments that are still looked at; longer ones are answered with an error result. @default 1_000_000 */
  readonly inputLimit?: number;
  /** Whether anyone reads the deltas. Without it, it settles once all steps are done. @default true */
  readonly stream?: boolean;
}

/**
 * Asks a model, runs the tools it calls, tells it the results, and so on until it answers: all of it as one reply.
 *
 * The events run over all steps: one start, indexes that run on, results as `part` events, one finish, its `usage` the sum over the
 * steps; `attempts` and `cost` are of everything. Calls that were answered here, and their results, have `executed` set, so
 * `toolCallsOf` gives those that are left; `messagesOf` makes of the answer the turns to go on with.
 *
 * The calls of one step run side by side, with their results in the order of the calls. Arguments that are not JSON or do not fit,
 * unknown tools, and what a tool throws are told to the model as error results. The reply ends with the finish reason `tool-calls`
 * when a call is left to the caller (a tool without `execute`, or one that needs approval where nobody is asked), and when the
 * steps are used up, with a warning `steps`. Calls of an answer that was cut, filtered or refused are never run. A `toolChoice` that
 * forces a call holds for the first step alone. What a tool gives back is not shortened: a tool bounds its own results.
 *
 * @throws {ModelError} what `stream` throws; `parse` for a model that goes round in circles (`repeats`), and for bad arguments where
 * `onInvalid` is `"throw"`; `aborted` when it is called off, whatever is being waited for
 * @example
 * const reply = await runTools(model, {
 *   messages: [{ role: "user", content: "Is it warmer in Lisbon or in Porto?" }],
 *   tools: [weather],
 * });
 * for await (const event of reply) if (event.type === "text-delta") process.stdout.write(event.text);
 */
export function runTools(
  model: Model,
  {
    steps = 8,
    approve,
    onInvalid = "return",
    repeats = 3,
    inputLimit = 1_000_000,
    stream = true,
    ...request
  }: ToolsRequest,
): Promise<Reply> {
  const wrong = wrongCount({ steps, repeats, inputLimit });
  if (wrong) return Promise.reject(wrong);

  // One model around all steps, so that attempts and cost are counted over them.
  const loop = defineModel({
    provider: "plugboard",
    id: `tools(${model.id})`,
    models: [model],
    call(asked) {
      const rules = { tools: request.tools, repeats: new Repeats(repeats), approve, inputLimit, onInvalid };
      const source = new ToolLoop(model.call, { ...asked, stream }, rules, steps);
      return ModelReply.open(source, stream ? undefined : (event) => event.type === "finish");
    },
  });
  return loop.stream(request);
}

function wrongCount(counts: Readonly<Record<string, number>>): ModelError | undefined {
  for (const [name, count] of Object.entries(counts)) {
    if (count === Infinity || (Number.isInteger(count) && count >= 1)) continue;
    const message = `\`${name}\` must be a whole number of at least 1, or Infinity; it is ${String(count)}.`;
    return new ModelError(message, { code: "invalid-request" });
  }
  return undefined;
}
