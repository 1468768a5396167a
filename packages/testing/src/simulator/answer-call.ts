import type { IncomingMessage, ServerResponse } from "node:http";
import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import type { ServedProtocol, ServedRequest, Written } from "@plugboard/wire";
import { routeOf } from "@plugboard/wire/serve";
import type { ChatRoute } from "@plugboard/wire/serve";
import { seededRandom } from "../seeded-random.ts";
import type { Fault } from "./fault.ts";
import { outgoingError, outgoingReplay, outgoingResult } from "./outgoing.ts";
import type { Outgoing } from "./outgoing.ts";
import { readBody } from "./read-body.ts";
import { resultOf } from "./result-of.ts";
import { sendAnswer, waitByClock } from "./send-answer.ts";
import type { Sending, Wait } from "./send-answer.ts";
import type { SimulatedCall } from "./simulated-call.ts";
import type { SimulatedModel } from "./simulated-model.ts";

/** What is simulated, and within which bounds. */
export interface SimulateOptions {
  /** By the name that a request asks for; of Azure, the deployment. */
  readonly models: Readonly<Record<string, SimulatedModel>>;
  /** The key that a request must carry, in the header its provider takes it in. @default none is asked for */
  readonly apiKey?: string;
  /** What is random is the same for the same seed. @default 1 */
  readonly seed?: number | string;
  /** Which protocol is spoken where. @default those of the providers at their own paths */
  readonly routes?: readonly ChatRoute<Written>[];
  /** Bytes of a request that are read at most. @default 32 MiB */
  readonly maxBodyBytes?: number;
  /** Calls that are answered at once; more are told that it is overloaded. @default 1000 */
  readonly maxCalls?: number;
  /** How it waits, for a test with a clock of its own. */
  readonly wait?: Wait;
}

/** A call while it is being answered. */
export type RunningCall = { -readonly [Key in keyof SimulatedCall]: SimulatedCall[Key] };

/** Reads one HTTP request and answers it; `call` is filled in on the way. Resolves with how it ended. */
export type AnswerCall = (
  call: RunningCall,
  incoming: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
) => Promise<SimulatedCall["outcome"]>;

/**
 * Makes the part of a simulator that answers.
 *
 * @param crowded - whether there are more calls under way than are to be answered
 */
export function callAnswerer(
  options: SimulateOptions & { readonly routes: readonly ChatRoute<Written>[] },
  crowded: () => boolean,
): AnswerCall {
  const { models, routes, apiKey, seed = 1, maxBodyBytes = 32 * 2 ** 20, wait = waitByClock } = options;
  const asked = new Map<string, number>();

  /** What is asked, once it may be answered. */
  async function readCall(
    call: RunningCall,
    incoming: IncomingMessage,
    protocol: ServedProtocol<Written>,
    named: (body: Json) => Json,
  ): Promise<ServedRequest> {
    const text = await readBody(incoming, maxBodyBytes);
    if (text === undefined) {
      throw new ModelError(`The body must be at most ${maxBodyBytes} bytes long.`, { code: "invalid-request" });
    }
    if (apiKey !== undefined && !carriesKey(incoming, apiKey)) {
      throw new ModelError("The key is missing or wrong.", { code: "auth" });
    }
    if (crowded()) throw new ModelError("Too many calls at once.", { code: "overloaded" });
    call.body = jsonIn(text);
    const ask = protocol.readRequest(named(call.body));
    call.model = ask.model;
    call.request = ask.request;
    if (!Object.hasOwn(models, ask.model)) {
      const known = Object.keys(models).join(", ");
      throw new ModelError(`The model \`${ask.model}\` is not simulated; these are: ${known}.`, { code: "not-found" });
    }
    call.call = asked.get(ask.model) ?? 0;
    asked.set(ask.model, call.call + 1);
    return ask;
  }

  async function answerAs(
    call: RunningCall,
    ask: ServedRequest,
    protocol: ServedProtocol<Written>,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<SimulatedCall["outcome"]> {
    const model = models[ask.model]!;
    const { pace: { first = 0, spread = 0, tokensPerSecond = Infinity } = {}, count = countByLength } = model;
    const random = seededRandom(`${seed} ${ask.model} ${call.call}`);
    const begins = first * (1 + spread * (2 * random() - 1));
    const sending: Omit<Sending, "fault" | "sent"> = {
      signal,
      wait,
      due: (tokens) => begins + (tokens / tokensPerSecond) * 1000,
    };

    const fault = faultFor(model, call);
    if (fault?.type === "status") {
      return refuse(response, outgoingError(fault.status, fault.headers ?? {}, fault.body ?? ""), signal);
    }
    if (fault?.type === "throttle") throw errorOf({ ...fault, code: "rate-limit" });
    if (fault?.type === "error" && (!ask.request.stream || (fault.at ?? "headers") === "headers")) throw errorOf(fault);

    const border = typeof fault?.at === "number" ? fault.at : undefined;
    const answer =
      typeof model.answer === "function"
        ? await model.answer(ask.request, { model: ask.model, call: call.call, random })
        : model.answer;
    if (typeof answer === "object" && "replay" in answer) {
      return sendAnswer(response, outgoingReplay(answer, border), { ...sending, fault, sent: () => {} });
    }
    const result = resultOf(answer, ask.request, { model: ask.model, call: call.call, count });
    const { input, output } = result.usage;
    call.usage = { ...(input !== undefined && { input }), output: 0 };
    const outcome = await sendAnswer(response, outgoingResult(result, protocol, ask, border), {
      ...sending,
      fault,
      sent(tokens) {
        call.usage = { ...call.usage, output: Math.min(Math.ceil(tokens), output ?? 0) };
      },
    });
    if (outcome === "finished") call.usage = result.usage;
    return outcome;
  }

  return async (call, incoming, response, signal) => {
    const found = routeOf(routes, call.path);
    if (!found || incoming.method !== "POST") {
      const message = `${incoming.method} ${call.path} is not simulated.`;
      return refuse(response, outgoingError(404, {}, { error: { message } }), signal);
    }
    const { protocol } = found.route;
    call.protocol = protocol.name;
    try {
      const ask = await readCall(call, incoming, protocol, found.named);
      return await answerAs(call, ask, protocol, response, signal);
    } catch (cause) {
      if (signal.aborted) return "aborted";
      if (response.headersSent) throw cause;
      const { status, headers, body } = protocol.writeError(ModelError.from(cause, { code: "server" }));
      return refuse(response, outgoingError(status, headers, body), signal);
    }
  };
}

async function refuse(
  response: ServerResponse,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<"failed" | "aborted"> {
  const sending: Sending = { fault: undefined, due: () => 0, wait: waitByClock, signal, sent: () => {} };
  return (await sendAnswer(response, outgoing, sending)) === "aborted" ? "aborted" : "failed";
}

function faultFor({ fault }: SimulatedModel, call: SimulatedCall): Fault | undefined {
  if (typeof fault === "function") return fault(call);
  return fault && "type" in fault ? fault : fault?.[call.call];
}

function errorOf({
  code,
  message,
  retryAfter,
}: Pick<Extract<Fault, { type: "error" }>, "code" | "message" | "retryAfter">): ModelError {
  return new ModelError(message ?? `The simulator says ${code}.`, { code, retryAfter });
}

function jsonIn(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new ModelError("The body must be JSON.", { code: "invalid-request", cause });
  }
}

/** In any of the headers that the providers take a key in. */
function carriesKey({ headers }: IncomingMessage, key: string): boolean {
  return headers.authorization === `Bearer ${key}` || headers["x-api-key"] === key || headers["api-key"] === key;
}

function countByLength(text: string): number {
  return Math.ceil(text.length / 4);
}
