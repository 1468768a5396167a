import { ModelError, ModelReply, textOf } from "@plugboard/core";
import type {
  Attempt,
  AttemptPlan,
  ModelKey,
  ModelRequest,
  ModelResult,
  NanoDollars,
  Notice,
  PriceLookup,
} from "@plugboard/core";
import { withChoice } from "../chosen/choice.ts";
import type { Judged } from "../fallback/in-turn.ts";
import type { Turn } from "../fallback/row.ts";
import type { Target } from "../fallback/target.ts";
import { lastWords } from "../last-words.ts";
import type { Accept, Verdict } from "./accept.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** An answer was not accepted, and the next model is asked. `spent` is what it cost, with all that it took to judge it. */
    escalated: {
      readonly from: ModelKey;
      readonly to: ModelKey;
      readonly why: string;
      readonly score?: number;
      /** Absent where a price is not known. */
      readonly spent?: NanoDollars;
    };
    /** How a cascade went, once its answer has ended: each model that was asked, in order. */
    cascaded: { readonly steps: readonly CascadeStep[] };
  }
}

/** One model of a cascade that was asked. */
export interface CascadeStep {
  readonly model: ModelKey;
  /** Whether its answer was the one given; of the last model, no answer is judged. */
  readonly given: boolean;
  /** What became of its answer, to follow its name. */
  readonly why: string;
  readonly score?: number;
  /** Its attempts: the answer, further samples, the verifier's. */
  readonly attempts: readonly Attempt[];
  /** What they cost. Absent where a price is not known. */
  readonly cost?: NanoDollars;
}

type ChatTarget = Target<ModelRequest, ModelReply>;

/** A model of a cascade, and what it takes to trust it; the last one is trusted. */
export interface CascadeTarget {
  readonly target: ChatTarget;
  readonly accept: readonly Accept[];
}

interface Made {
  readonly attempt: Attempt;
  readonly plan: AttemptPlan;
}

/** What became of one model. */
interface Step {
  readonly key: ModelKey;
  readonly made: Made[];
  verdict: Verdict | undefined;
  /** What it answered, where that was judged. */
  answered: ModelResult | undefined;
  failure: ModelError | undefined;
}

/** One call of a cascade: asks, judges, and keeps account of what each model cost. */
export class CascadeRun {
  readonly targets: readonly ChatTarget[];
  readonly request: ModelRequest;
  readonly #accepts = new Map<ChatTarget, readonly Accept[]>();
  readonly #notify: ((notice: Notice) => void) | undefined;
  readonly #price: PriceLookup | undefined;
  readonly #steps: Step[] = [];
  /** Why the next model is asked. */
  #why = "it is asked first";

  constructor(list: readonly CascadeTarget[], request: ModelRequest, price: PriceLookup | undefined) {
    this.#notify = request.notify;
    this.#price = price;
    this.request = { ...request, notify: this.#hear };
    this.targets = list.map((one, place) => this.#watched(one, place === list.length - 1));
  }

  /** Says whether an answer is accepted; that of the last model is given as it comes. */
  readonly judge = async (reply: ModelReply, turn: Turn<ModelRequest, ModelReply>): Promise<Judged<ModelReply>> => {
    const accepts = this.#accepts.get(turn.target);
    if (!accepts) return { answer: reply, letGo: () => reply.cancel() };
    const step = this.#steps.at(-1)!;
    const result = await reply.result();
    const verdict = await this.#verdictOn(result, accepts, turn);
    step.verdict = verdict;
    step.answered = result;
    const answer = ModelReply.of(verdict.accepted ? (verdict.result ?? result) : result);
    const letGo = (): void => answer.cancel();
    if (verdict.accepted) return { answer, letGo };
    const { provider, id } = turn.target.key;
    const sentence = `The answer of ${id} is not accepted: ${id} ${verdict.why}.`;
    return {
      answer,
      letGo,
      wrong: new ModelError(sentence, { code: "unknown", provider, model: id, partial: result }),
    };
  };

  /** Tells how it went once the answer has ended; one that nobody accepted, given since nobody is left, says so. */
  follow(reply: ModelReply): ModelReply {
    const step = this.#steps.at(-1)!;
    const { verdict } = step;
    if (verdict?.accepted === false) {
      const message = `The answer of ${step.key.id} was not accepted, and nobody else answers: ${step.key.id} ${verdict.why}.`;
      reply.through("finish", (event, emit) => {
        emit({ ...event, warnings: [...(event.warnings ?? []), { code: "unaccepted", message }] });
      });
    }
    return reply.onEnd(() =>
      this.#notify?.({ type: "cascaded", steps: this.#steps.map((one) => this.#told(one, one === step)) }),
    );
  }

  /** All of them must accept, in order; what fails accepts nothing. */
  async #verdictOn(
    result: ModelResult,
    accepts: readonly Accept[],
    turn: Turn<ModelRequest, ModelReply>,
  ): Promise<Verdict> {
    const { target, request } = turn;
    const ask = async (again: ModelRequest): Promise<ModelResult> => (await target.model.call(again)).result();
    const earlier = this.#steps.flatMap(({ answered }) => answered ?? []);
    let judged = result;
    let last: Verdict = { accepted: true, why: "is trusted" };
    for (const accept of accepts) {
      try {
        const answered = {
          request,
          question: lastWords(request),
          result: judged,
          answer: textOf(judged),
          model: target.key,
          earlier,
          ask,
        };
        const said = await accept(answered);
        last =
          typeof said === "boolean" ? { accepted: said, why: said ? "was accepted" : "was not good enough" } : said;
      } catch (error) {
        if (error instanceof ModelError && (error.code === "aborted" || request.signal?.aborted)) throw error;
        this.#notify?.({ type: "fault", error });
        return {
          accepted: false,
          why: `could not be judged: ${error instanceof Error ? error.message : String(error)}`,
        };
      }
      if (!last.accepted) return last;
      judged = last.result ?? judged;
    }
    return { ...last, result: judged };
  }

  /** The target as it is asked in this call: nobody reads the deltas of an answer that is judged first. */
  #watched({ target, accept }: CascadeTarget, isLast: boolean): ChatTarget {
    const { model } = target;
    const watched: ChatTarget = {
      ...target,
      model: {
        ...model,
        call: (request) => {
          if (this.#steps.at(-1)?.key !== target.key) {
            this.#steps.push({
              key: target.key,
              made: [],
              verdict: undefined,
              answered: undefined,
              failure: undefined,
            });
          }
          const marked = withChoice(request, { by: "cascade", why: this.#why });
          return model.call(isLast ? marked : { ...marked, stream: false });
        },
      },
    };
    if (!isLast) this.#accepts.set(watched, accept);
    return watched;
  }

  readonly #hear = (notice: Notice): void => {
    if (notice.type === "attempt" && notice.attempt.outcome === "running") {
      this.#steps.at(-1)?.made.push({ attempt: notice.attempt, plan: notice.plan });
    }
    if (notice.type === "failover") this.#movesOn(notice);
    this.#notify?.(notice);
  };

  #movesOn({ from, to, error }: { readonly from: ModelKey; readonly to: ModelKey; readonly error: ModelError }): void {
    const step = this.#steps.at(-1);
    if (step?.key !== from) return; // of a fallback within
    const { verdict } = step;
    this.#why = verdict ? `${from.id} ${verdict.why}` : `${from.id} failed: ${error.message}`;
    if (!verdict) {
      step.failure = error;
      return;
    }
    const spent = this.#costOf(step);
    this.#notify?.({
      type: "escalated",
      from,
      to,
      why: verdict.why,
      ...(verdict.score !== undefined && { score: verdict.score }),
      ...(spent !== undefined && { spent }),
    });
  }

  #told(step: Step, given: boolean): CascadeStep {
    const { key: model, made, verdict, failure } = step;
    const cost = this.#costOf(step);
    return {
      model,
      given,
      why: verdict?.why ?? (failure ? `failed: ${failure.message}` : "answers where nobody before it was trusted"),
      ...(verdict?.score !== undefined && { score: verdict.score }),
      attempts: made.map(({ attempt }) => attempt),
      ...(cost !== undefined && { cost }),
    };
  }

  #costOf({ made }: Step): NanoDollars | undefined {
    let total = 0;
    for (const { attempt, plan } of made) {
      const { cost, usage, unbilled } = attempt;
      if (unbilled) continue;
      const known = cost?.total ?? (usage && this.#price?.(usage, plan).cost?.total);
      if (known === undefined) return undefined;
      total += known;
    }
    return total;
  }
}
