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

/** Bytes as they arrive. */
export interface ByteSource {
  /** One network read, or `undefined` at the end of the body. Rejects with whatever broke it. */
  read(): Promise<Uint8Array | undefined>;
  /** Closes the socket, or gives it back when the body has been read to its end. */
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
