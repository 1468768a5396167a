import type { Measurement, ModelError, ModelReply, ModelRequest, ModelResult } from "@plugboard/core";
import { answeredBy, failedWith, measurementOf } from "../evaluate/measurement-of.ts";
import type { KeptTexts, Measured } from "../evaluate/measurement-of.ts";
import { wordsOf } from "../evaluate/items.ts";
import { scoreAnswer } from "../evaluate/score-answer.ts";
import type { Scorer } from "../scorer.ts";

/** How calls are measured. */
export interface MeasuringCalls {
  readonly scorers: readonly Scorer<undefined>[];
  readonly keep: KeptTexts | undefined;
  readonly segments: ((request: ModelRequest) => Readonly<Record<string, string>>) | undefined;
}

/** What a call is known by in its measurement. */
export interface CallNames {
  readonly item: string;
  readonly model: string;
  readonly cluster: string | undefined;
}

/** One call, from its beginning to its measurement. */
export class MeasuredCall {
  readonly #request: ModelRequest;
  readonly #names: CallNames;
  readonly #how: MeasuringCalls;
  readonly #began = Date.now();
  #first: number | undefined;

  constructor(request: ModelRequest, names: CallNames, how: MeasuringCalls) {
    this.#request = request;
    this.#names = names;
    this.#how = how;
  }

  /**
   * Follows an answer that has begun to its end, and gives the measurement, once; nothing where the caller left, or called it off. The end
   * of the reading does not wait for it.
   */
  follow(reply: ModelReply, tell: (measurement: Measurement) => void, fault: (error: unknown) => void): void {
    this.hasContent();
    reply.onEnd((outcome) => {
      if (outcome.status === "finished") this.answered(outcome.result).then(tell, fault);
      else if (outcome.status === "failed" && !this.wasCalledOff(outcome.error)) tell(this.failed(outcome.error));
    });
  }

  /** That a streamed answer has begun; one that is read whole begins when it ends. */
  hasContent(): void {
    if (this.#request.stream) this.#first = Date.now();
  }

  /** Whether a failure is the caller's doing, and says nothing of the model. */
  wasCalledOff({ code }: ModelError): boolean {
    return code === "aborted" || this.#request.signal?.aborted === true;
  }

  failed(error: ModelError): Measurement {
    return measurementOf(this.#measured(), this.#how.keep, undefined, failedWith(error, this.#how.keep));
  }

  async answered(result: ModelResult): Promise<Measurement> {
    const answer = answeredBy(result, this.#began, this.#first);
    const { item, model } = this.#names;
    const { scorers, keep } = this.#how;
    const measured = this.#measured();
    const { prompt } = measured.item;
    const outcome = await scoreAnswer(scorers, {
      ...answer,
      row: undefined,
      item,
      model,
      request: this.#request,
      prompt,
    });
    return measurementOf(measured, keep, answer, outcome);
  }

  #measured(): Measured {
    const { item: id, model: name, cluster } = this.#names;
    const segments = this.#how.segments?.(this.#request);
    return { item: { id, prompt: wordsOf(this.#request.messages), segments, cluster }, name };
  }
}
