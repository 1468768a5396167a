import { ModelError, defineModel } from "@plugboard/core";
import type { Measurement, Model, ModelRequest } from "@plugboard/core";
import type { KeptTexts } from "../evaluate/measurement-of.ts";
import { scorersOf } from "../evaluate/score-answer.ts";
import type { Scorers } from "../scorer.ts";
import { nameOf, userReader } from "./caller.ts";
import type { By } from "./caller.ts";
import { MeasuredCall } from "./measured-call.ts";
import type { MeasuringCalls } from "./measured-call.ts";
import { shadowRunner } from "./shadow-runner.ts";
import type { ShadowOptions, ShadowRunner } from "./shadow-runner.ts";

/** How a model is shadowed. */
export interface ShadowModelOptions extends ShadowOptions {
  /** The tag whose value says who a call is of, or what reads it. @default "user" */
  readonly by?: By;
  /** Judge both answers: by rule, as they have no row to compare with. @default none */
  readonly scorers?: Scorers<undefined>;
  /** For gates with `where`, and for what `record` writes. @default none */
  readonly segments?: (request: ModelRequest) => Readonly<Record<string, string>>;
  /** What pairs keep of the words. @default both */
  readonly keep?: KeptTexts;
}

/** A model that another one shadows. */
export interface ShadowedModel extends Model {
  readonly shadow: ShadowRunner;
}

/**
 * Answers come from the baseline; a share of its questions is then asked of a candidate, too, aside, and both are compared.
 *
 * The candidate is asked after the caller has its answer, with a deadline of its own, and without the caller's signal, limits and listeners:
 * whatever it does, the traffic does not notice. Tools that it calls are not run. Calls that failed or were let go are not shadowed.
 *
 * @throws {ModelError} `invalid-request` for options that mean nothing; otherwise whatever the baseline does
 * @example
 * const model = shadow(openai("gpt-4o"), anthropic("claude-haiku-4-5").with(budget({ limit: { usd: 5 } })), {
 *   share: 0.05,
 *   gates: { errors: { measure: "errors", margin: 0.01 } },
 *   record: (pair) => log.write(pair),
 * });
 */
export function shadow(baseline: Model, candidate: Model, options: ShadowModelOptions): ShadowedModel {
  const { by = "user", scorers = [], segments, keep } = options;
  const runner = shadowRunner(options);
  const how: MeasuringCalls = { scorers: scorersOf(scorers), keep, segments };
  const userOf = userReader(by);
  const run = crypto.randomUUID().slice(0, 8);
  let number = 0;

  const model = defineModel({
    provider: "plugboard",
    id: `shadow(${baseline.id},${candidate.id})`,
    fingerprint: `shadow(${baseline.fingerprint},${candidate.fingerprint})`,
    models: [baseline, candidate],
    async call(request) {
      const cluster = userOf(request);
      const item = `${run}-${number++}`;
      const measured = new MeasuredCall(request, { item, model: nameOf(baseline), cluster }, how);
      const reply = await baseline.call(request);
      measured.follow(
        reply,
        (before) => {
          if (before.error) return;
          runner.offer(cluster, before, (deadline) => {
            const question = aside(request, deadline);
            return asked(
              candidate,
              question,
              new MeasuredCall(question, { item, model: nameOf(candidate), cluster }, how),
            );
          });
        },
        (error) => request.notify?.({ type: "fault", error }),
      );
      return reply;
    },
  });
  return { ...model, shadow: runner };
}

/** The same question, in circumstances of its own. */
function aside(request: ModelRequest, deadline: number): ModelRequest {
  const { signal: _signal, notify: _notify, admit: _admit, ...question } = request;
  return { ...question, deadline };
}

async function asked(model: Model, request: ModelRequest, measured: MeasuredCall): Promise<Measurement> {
  try {
    if (!request.stream) return await measured.answered(await model.generate(request));
    const reply = await model.stream(request);
    measured.hasContent();
    return await measured.answered(await reply.result());
  } catch (cause) {
    return measured.failed(ModelError.from(cause));
  }
}
