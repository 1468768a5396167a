import type { ByteRead, ByteSource, Transport } from "./transport.ts";

/**
 * Sends requests with `fetch`: the global one, or one that the application brings (a proxy, a test, another runtime's).
 *
 * @example
 * const model = openai("gpt-4o", { transport: fetchTransport() });
 */
export function fetchTransport(fetch: typeof globalThis.fetch = (...call) => globalThis.fetch(...call)): Transport {
  return async ({ method, url, headers, body, signal }) => {
    const response = await fetch(url, {
      method,
      headers,
      signal,
      redirect: "manual",
      ...(body !== undefined && { body: body as string | Uint8Array<ArrayBuffer> }),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: response.body ? new FetchedBytes(response.body.getReader()) : nothing,
    };
  };
}

const nothing: ByteSource = { read: () => Promise.resolve({}), cancel() {} };

class FetchedBytes implements ByteSource {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader;
  }

  read(): Promise<ByteRead> {
    return this.#reader.read();
  }

  /** A read that is pending settles, whatever the stream behind it does: the standard says so. */
  cancel(): void {
    this.#reader.cancel().catch(ignore);
  }
}

function ignore(): void {}
