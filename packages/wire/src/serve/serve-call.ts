import { ModelError } from "@plugboard/core";
import type { CallOptions, Json, Model, ModelReply, Warning } from "@plugboard/core";
import type { EventWriter, ServedProtocol, ServedRequest } from "../served-protocol.ts";
import { notTold } from "./not-told.ts";
import type { ServedAnswer, ServedStream } from "./served-answer.ts";
import { tellWarnings } from "./tell-warnings.ts";
import { warningHeader, warningsAsHeader } from "./warning-header.ts";

/** One request of a client, and who answers it. */
export interface ServedCall {
  readonly protocol: ServedProtocol;
  /** The client's body, parsed. */
  readonly body: Json;
  /**
   * The model for the name in the body.
   *
   * @throws {ModelError} `not-found` for a name that means nothing, `permission` for one that the client may not use
   */
  readonly pick: (name: string, asked: ServedRequest) => Model;
  /** Circumstances of this call: tags, a signal that fires when the client goes away, who is told of what happens. */
  readonly options?: CallOptions;
}

/**
 * Answers one request of a protocol with a model: reads it, asks, and writes the answer whole or as it comes. Until the first content
 * a failure is an HTTP error; after it, the protocol's own error in the stream, or a cut connection where it has none.
 *
 * What could not be said to the model is in the header `x-plugboard-warnings`, and told to `options.notify`. It never rejects.
 *
 * @example
 * const answer = await serveCall({ protocol: chatCompletionsProtocol(), body, pick: () => model, options: { signal } });
 */
export async function serveCall({ protocol, body, pick, options }: ServedCall): Promise<ServedAnswer> {
  try {
    const asked = protocol.readRequest(body);
    const model = pick(asked.model, asked);
    const given = { ...asked.request, ...options };
    const untold = notTold(protocol, given);
    const request = untold ? { ...given, notify: untold.notify } : given;
    if (!asked.request.stream) {
      const result = await model.generate(request);
      const warnings = [...result.warnings, ...(untold?.warnings() ?? [])];
      tellWarnings(given, warnings);
      return jsonAnswer(200, protocol.writeResult(result, asked), warnings);
    }
    const reply = await model.stream(request);
    const warnings = [...(reply.start.warnings ?? []), ...(untold?.warnings() ?? [])];
    tellWarnings(given, warnings);
    const headers = { "content-type": protocol.streamType, "cache-control": "no-cache", ...headerOf(warnings) };
    return { status: 200, headers, body: streamOf(reply, protocol.writer(asked), given) };
  } catch (cause) {
    return errorAnswer(cause, protocol);
  }
}

/** A failure as the protocol says it. */
export function errorAnswer(cause: unknown, { writeError }: Pick<ServedProtocol, "writeError">): ServedAnswer {
  const { status, headers, body } = writeError(ModelError.from(cause, { code: "server" }));
  const answer = jsonAnswer(status, body);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** An answer in one body. */
export function jsonAnswer(status: number, body: Json, warnings?: readonly Warning[]): ServedAnswer {
  return {
    status,
    headers: { "content-type": "application/json", ...headerOf(warnings) },
    body: JSON.stringify(body),
  };
}

function headerOf(warnings: readonly Warning[] | undefined): Record<string, string> {
  const value = warningsAsHeader(warnings);
  return value === undefined ? {} : { [warningHeader]: value };
}

/** Writes what each network read of the model brought; reads on where that is nothing to the protocol. */
function streamOf(reply: ModelReply, writer: EventWriter, options: CallOptions): ServedStream {
  let over = false;

  async function pull(): Promise<string | undefined> {
    for (;;) {
      const events = over ? undefined : await reply.pull();
      if (events === undefined) return undefined;
      let text = "";
      for (const event of events) {
        text += writer.write(event);
        if (event.type === "finish") tellWarnings(options, event.warnings);
      }
      if (text !== "") return text;
    }
  }

  return {
    async pull() {
      try {
        return await pull();
      } catch (cause) {
        over = true;
        const error = ModelError.from(cause);
        const text = writer.fail(error);
        if (text === undefined) throw error;
        return text;
      }
    },
    cancel() {
      over = true;
      reply.cancel();
    },
  };
}
