/** One HTTP request, ready to go. */
export interface TransportRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Closes the socket in every phase: connecting, waiting for the headers, reading the body. */
  readonly signal: AbortSignal;
  /** Told when the socket is connected, by transports that see it; then the connect clock stops and the headers clock runs. */
  readonly onConnect?: () => void;
}

/** What one network read brought; without a value the body has ended. */
export interface ByteRead {
  readonly value?: Uint8Array | undefined;
}

/** Bytes as they arrive. The shape is that of a stream's reader, so that the one of a `fetch` needs no promise of its own a read. */
export interface ByteSource {
  /** One network read. Rejects with whatever broke it. Never called while an earlier read is pending. */
  read(): Promise<ByteRead>;
  /** Closes the socket, or gives it back when the body has been read to its end. A read that is pending settles at once. */
  cancel(): void;
}

/** The status and headers of a response; its body is still to come. */
export interface TransportResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ByteSource;
}

/** Sends one request. It follows no redirect, retries nothing and sets no clock: that is done once, above it. */
export interface Transport {
  (request: TransportRequest): Promise<TransportResponse>;
  /** Whether it tells of connecting; where it does not, connecting is part of the headers clock. */
  readonly showsConnect?: boolean;
}
