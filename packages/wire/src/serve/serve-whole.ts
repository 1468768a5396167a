import type { CallOptions, Json, Warning } from "@plugboard/core";
import { errorAnswer, jsonAnswer } from "./serve-call.ts";
import type { ServedAnswer } from "./served-answer.ts";
import { notTold } from "./not-told.ts";
import type { AskedWhole, ServedWhole } from "./served-whole.ts";
import { tellWarnings } from "./tell-warnings.ts";

/** What tells of warnings, does so here. */
interface Warned {
  readonly warnings?: readonly Warning[];
}

/** One request of a client to a model that answers whole, and who answers it. */
export interface WholeCall<Request extends CallOptions, Result> {
  readonly protocol: ServedWhole<Request, Result>;
  /** The client's body, parsed. */
  readonly body: Json;
  /**
   * How the model for the name in the body is asked.
   *
   * @throws {ModelError} `not-found` for a name that means nothing, `permission` for one that the client may not use
   */
  readonly pick: (name: string, asked: AskedWhole<Request>) => (request: Request) => Promise<Result>;
  /** Circumstances of this call: tags, a signal that fires when the client goes away, who is told of what happens. */
  readonly options?: CallOptions;
}

/**
 * Answers one request of a protocol whose answers come in one body. It never rejects.
 *
 * @example
 * const answer = await serveWhole({ protocol: embeddingsProtocol(), body, pick: () => (request) => model.embed(request) });
 */
export async function serveWhole<Request extends CallOptions, Result extends object>({
  protocol,
  body,
  pick,
  options = {},
}: WholeCall<Request, Result>): Promise<ServedAnswer> {
  try {
    const asked = protocol.readRequest(body);
    const ask = pick(asked.model, asked);
    const given = { ...asked.request, ...options };
    const untold = notTold(protocol, given);
    const result = await ask(untold ? { ...given, notify: untold.notify } : given);
    const warnings = [...((result as Warned).warnings ?? []), ...(untold?.warnings() ?? [])];
    tellWarnings(options, warnings);
    return jsonAnswer(200, protocol.writeResult(result, asked), warnings);
  } catch (cause) {
    return errorAnswer(cause, protocol);
  }
}
