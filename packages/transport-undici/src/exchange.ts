import type { Writable } from "node:stream";
import { ByteQueue, queueOf, unpacking } from "@plugboard/wire";
import type { ByteFlow, TransportRequest, TransportResponse } from "@plugboard/wire";
import type { Dispatcher } from "undici";

type Controller = Dispatcher.DispatchController;
type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

/** Who lends the connection of an exchange. */
export interface Lender {
  /** @param clean - whether the next request may use it */
  done(exchange: Exchange, clean: boolean): void;
}

/**
 * One request and its response. Everything that undici tells is a method of this one object, and so is the listener to the signal:
 * a call makes no closure and no stream.
 */
export class Exchange implements Dispatcher.DispatchHandler, ByteFlow {
  /** Told once, when the connection is needed no more. */
  lender: Lender | undefined;
  readonly #request: TransportRequest;
  readonly #origin: string;
  readonly #path: string;
  readonly #resolve: (response: TransportResponse) => void;
  readonly #reject: (error: unknown) => void;
  #controller: Controller | undefined;
  #body: ByteQueue | undefined;
  /** What the bytes go through that came packed. */
  #unpack: Writable | undefined;
  #over = false;

  constructor(
    request: TransportRequest,
    origin: string,
    path: string,
    resolve: (response: TransportResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#request = request;
    this.#origin = origin;
    this.#path = path;
    this.#resolve = resolve;
    this.#reject = reject;
    request.signal.addEventListener("abort", this);
  }

  over(dispatcher: Pick<Dispatcher, "dispatch">): void {
    const { method, headers, body } = this.#request;
    const sent: Dispatcher.DispatchOptions = {
      origin: this.#origin,
      path: this.#path,
      method,
      // As the event stream is written; see `nodeTransport`.
      headers: { ...headers, "accept-encoding": "identity" },
      body: body ?? null,
      // Clocks are set once, above the transport.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    dispatcher.dispatch(sent, this);
  }

  /** The call was called off. */
  handleEvent(): void {
    this.#break(this.#request.signal.reason);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#over) return controller.abort(abandoned());
    this.#request.onConnect?.();
  }

  onResponseStart(_: Controller, status: number, headers: Headers): void {
    if (status < 200) return; // "100 Continue" and the like
    const told = joined(headers);
    const unpack = unpacking(told["content-encoding"]);
    if (unpack) {
      unpack.on("drain", () => this.resume());
      this.#unpack = unpack;
      this.#body = queueOf(unpack, () => this.close());
    } else {
      this.#body = new ByteQueue(this);
    }
    this.#resolve({ status, headers: told, body: this.#body });
  }

  onResponseData(_: Controller, bytes: Uint8Array): void {
    if (!this.#unpack) this.#body!.push(bytes);
    else if (!this.#unpack.write(bytes)) this.pause();
  }

  onResponseEnd(): void {
    if (this.#unpack) this.#unpack.end();
    else this.#body!.end();
    this.#leave(true);
  }

  onResponseError(_: Controller | null, error: Error): void {
    this.#break(error);
  }

  pause(): void {
    this.#controller!.pause();
  }

  resume(): void {
    if (!this.#over) this.#controller!.resume();
  }

  close(): void {
    this.#break(abandoned());
  }

  #break(error: unknown): void {
    if (this.#over) return;
    this.#leave(false);
    this.#reject(error);
    this.#body?.fail(error);
    this.#unpack?.destroy();
    this.#controller?.abort(error instanceof Error ? error : abandoned());
  }

  #leave(clean: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#request.signal.removeEventListener("abort", this);
    this.lender?.done(this, clean);
  }
}

function abandoned(): Error {
  return new Error("The request was called off.");
}

function joined(headers: Headers): Record<string, string> {
  const all: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) all[name] = typeof value === "string" ? value : value.join(", ");
  }
  return all;
}
