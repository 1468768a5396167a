/** What a pretended server answers with. */
export interface ServedBytes {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly Uint8Array[];
  /** Breaks the connection after the last chunk. */
  readonly breaks?: true | undefined;
  /** Neither sends more after the last chunk nor closes. */
  readonly hangs?: true;
}

/** A request that the adapter made. */
interface SeenRequest {
  readonly url: string;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
}

/** A fetch that answers every request with the same bytes, and what it has seen. */
export interface SampleFetch {
  readonly fetch: typeof globalThis.fetch;
  readonly requests: readonly SeenRequest[];
  /** How many bodies were let go before their end. */
  readonly cancelled: number;
}

// The body given here is neither compressed nor of the length that was recorded.
const untrue: ReadonlySet<string> = new Set(["content-encoding", "content-length", "transfer-encoding"]);

/** Makes one. Bytes come as a stream, a read for every chunk. */
export function sampleFetch(served: ServedBytes): SampleFetch {
  const requests: SeenRequest[] = [];
  const headers = Object.entries(served.headers).filter(([name]) => !untrue.has(name.toLowerCase()));
  let cancelled = 0;
  return {
    requests,
    get cancelled() {
      return cancelled;
    },
    async fetch(input, init) {
      const request = input instanceof Request ? input : undefined;
      const body = init?.body ?? (request ? await request.text() : "");
      const signal = init?.signal ?? request?.signal;
      requests.push({
        url: input instanceof Request ? input.url : input.toString(),
        body: typeof body === "string" ? body : new TextDecoder().decode(body as Uint8Array),
        signal,
      });
      signal?.throwIfAborted();
      return new Response(
        bodyOf(served, () => cancelled++),
        { status: served.status, headers },
      );
    },
  };
}

function bodyOf({ chunks, breaks, hangs }: ServedBytes, cancel: () => void): ReadableStream<Uint8Array> {
  let place = 0;
  return new ReadableStream(
    {
      pull(controller) {
        const chunk = chunks[place++];
        if (chunk) controller.enqueue(chunk);
        else if (breaks) controller.error(socketFailure("terminated", "UND_ERR_SOCKET"));
        else if (hangs) return new Promise(() => {});
        else controller.close();
        return undefined;
      },
      cancel,
    },
    // Nothing waits in a queue: Node's takes ever longer with its length, and there may be a hundred thousand chunks.
    { highWaterMark: 0 },
  );
}

/** What Node's fetch throws: the code is in the cause. */
export function socketFailure(message: string, code: string): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error(code), { code }) });
}
