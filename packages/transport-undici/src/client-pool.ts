import type { Socket } from "node:net";
import { Client, buildConnector } from "undici";
import type { Exchange, Lender } from "./exchange.ts";

/** What the clients of a pool are made with. */
export interface ClientPoolOptions {
  readonly maxSockets?: number;
  readonly keepAlive?: number;
  readonly connect?: buildConnector.BuildOptions;
}

/** A client of undici has one connection, and here one request at a time. */
interface Lent {
  readonly client: Client;
  /** Of the connection that is open or opening. */
  socket: Socket | undefined;
}

/**
 * The connections to one origin. undici has a pool of its own; with that, a request that is called off while it connects leaves its
 * socket to connect, since only undici's own methods, and not `dispatch`, can take a request out of its queue. And it looks for a
 * free client from the first on, where here the one that was used last is on top.
 */
export class ClientPool implements Lender {
  readonly #origin: string;
  readonly #maxSockets: number;
  readonly #keepAlive: number;
  readonly #connect: buildConnector.connector;
  #idle: Lent[] = [];
  readonly #lent = new Map<Exchange, Lent>();
  readonly #waiting = new Set<Exchange>();

  constructor(origin: string, { maxSockets = Infinity, keepAlive = 4000, connect }: ClientPoolOptions) {
    this.#origin = origin;
    this.#maxSockets = maxSockets;
    this.#keepAlive = keepAlive;
    // No time-out of its own: the connect clock is above it, and closes the socket.
    this.#connect = buildConnector({ allowH2: false, timeout: 0, ...connect });
  }

  send(exchange: Exchange): void {
    exchange.lender = this;
    const lent = this.#idle.pop() ?? (this.#lent.size < this.#maxSockets ? this.#made() : undefined);
    if (lent) this.#lend(lent, exchange);
    else this.#waiting.add(exchange);
  }

  done(exchange: Exchange, clean: boolean): void {
    if (this.#waiting.delete(exchange)) return;
    const lent = this.#lent.get(exchange)!;
    this.#lent.delete(exchange);
    if (clean) this.#idle.push(lent);
    else drop(lent);
    const [next] = this.#waiting;
    if (!next) return;
    this.#waiting.delete(next);
    this.send(next);
  }

  /** Closes what is idle. */
  close(): void {
    for (const lent of this.#idle) drop(lent);
    this.#idle = [];
  }

  #lend(lent: Lent, exchange: Exchange): void {
    this.#lent.set(exchange, lent);
    exchange.over(lent.client);
  }

  #made(): Lent {
    const lent: Lent = {
      socket: undefined,
      client: new Client(this.#origin, {
        // What it gives back is the socket, before it is connected, although its type does not say so.
        connect: (options, callback) => {
          lent.socket = (this.#connect as Connect)(options, callback);
        },
        keepAliveTimeout: this.#keepAlive,
        keepAliveMaxTimeout: this.#keepAlive,
        keepAliveTimeoutThreshold: 1000,
        maxResponseSize: -1,
      }),
    };
    lent.client.on("disconnect", () => this.#forget(lent));
    return lent;
  }

  /** Of an idle client whose connection has closed nothing is left worth keeping. */
  #forget(lent: Lent): void {
    const place = this.#idle.indexOf(lent);
    if (place < 0) return;
    this.#idle.splice(place, 1);
    drop(lent);
  }
}

type Connect = (...call: Parameters<buildConnector.connector>) => Socket;

function drop({ client, socket }: Lent): void {
  client.destroy().catch(ignore);
  socket?.destroy();
}

function ignore(): void {}
