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
 * @example
 * return toResponse(await serveCall({ protocol, body, pick: () => model, signal: request.signal }));
 */
export function toResponse({ status, headers, body }: ServedAnswer): Response {
  if (typeof body === "string") return new Response(body, { status, headers });
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const text = await body.pull();
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text));
      },
      cancel: () => body.cancel(),
    },
    // Nothing is read ahead: a client that stops reading stops the model.
    { highWaterMark: 0 },
  );
  return new Response(stream, { status, headers });
}
