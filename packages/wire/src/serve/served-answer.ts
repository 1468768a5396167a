/** What goes back to a client: to be written to a socket, or made a `Response`. */
export interface ServedAnswer {
  readonly status: number;
  /** Names in lower case; `content-type` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body in one piece, or as it comes. */
  readonly body: string | ServedStream;
}

/** A body as it comes. */
export interface ServedStream {
  /**
   * The next text, a piece for each network read of the model; `undefined` at the end. Never called while an earlier pull is pending.
   *
   * @throws {ModelError} a failure that the protocol has no form for: the connection is to be cut, so that nobody takes it for an end
   */
  pull(): Promise<string | undefined>;
  /** The client is gone: closes what stands behind. */
  cancel(): void;
}

/**
 * The answer as the web's `Response`; reading it pulls, and cancelling it cancels.
 *
 * @param signal - of the client's request: when it fires, what stands behind is closed and the reading fails with its reason, as that of
 *   a fetched body does
 * @example
 * return toResponse(await serveCall({ protocol, body, pick: () => model, options: { signal } }), signal);
 */
export function toResponse({ status, headers, body }: ServedAnswer, signal?: AbortSignal): Response {
  if (typeof body === "string") return new Response(body, { status, headers });
  const encoder = new TextEncoder();
  let calledOff: (() => void) | undefined;

  /** A signal may live longer than the answer: nothing of it stays there. */
  function leave(): void {
    if (calledOff) signal?.removeEventListener("abort", calledOff);
  }

  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        calledOff = () => {
          body.cancel();
          controller.error(signal?.reason);
        };
        if (signal?.aborted) calledOff();
        else signal?.addEventListener("abort", calledOff, { once: true });
      },
      async pull(controller) {
        let text: string | undefined;
        try {
          text = await body.pull();
        } catch (error) {
          leave();
          throw error;
        }
        if (signal?.aborted) return;
        if (text !== undefined) return controller.enqueue(encoder.encode(text));
        leave();
        controller.close();
      },
      cancel() {
        leave();
        body.cancel();
      },
    },
    // Nothing is read ahead: a client that stops reading stops the model.
    { highWaterMark: 0 },
  );
  return new Response(stream, { status, headers });
}
