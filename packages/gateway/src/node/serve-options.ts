/** Where a server listens, and what it bears with. */
export interface ServeOptions {
  /** @default "127.0.0.1": this machine alone */
  readonly host?: string;
  /** 0 is any that is free. @default 8787 */
  readonly port?: number;
  /** Milliseconds in which the headers of a request have to come. @default 10000 */
  readonly headersTimeout?: number;
  /** Milliseconds in which a whole request has to come. @default 30000 */
  readonly requestTimeout?: number;
  /** Milliseconds for which an idle connection is kept. @default 5000 */
  readonly keepAliveTimeout?: number;
  /** Milliseconds that a client may take to read what it was sent before it is given up. @default 60000 */
  readonly stallTimeout?: number;
  /** Bytes of the headers of a request. @default 16384 */
  readonly maxHeaderBytes?: number;
  /** Connections at once; those beyond are answered with 503. @default 5000 */
  readonly maxConnections?: number;
  /**
   * How many proxies of yours stand in front: the address of the client is then the one that the outermost of them wrote into
   * `x-forwarded-for`. @default 0: what a client writes there is not believed
   */
  readonly proxies?: number;
}

/** What is left to do when a server is to end. */
export interface DrainOptions {
  /** Milliseconds that requests under way are given to end by themselves; after that streams end with an error. @default 30000 */
  readonly grace?: number;
}

/** A server that runs. */
export interface GatewayServer extends AsyncDisposable {
  /** `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Connections, idle ones included. */
  readonly connections: number;
  /**
   * Takes no more requests, waits for those under way, and ends those that take longer, each with an error in its own protocol. The same
   * promise each time.
   */
  drain(options?: DrainOptions): Promise<void>;
}
