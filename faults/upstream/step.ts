/** How the end of a body is told. */
type Delimited = "chunked" | "close" | { readonly length: number };

/** One thing that the upstream does on its socket. */
export type Step =
  /** First of a script: the connection is dealt with as it is accepted, whatever is sent on it. */
  | { readonly do: "accept" }
  | {
      readonly do: "head";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Delimited;
    }
  /** Bytes of the body; `piece` bytes a write, `every` milliseconds. */
  | { readonly do: "send"; readonly bytes: Uint8Array; readonly piece?: number; readonly every?: number }
  /** Bytes past all framing of HTTP. */
  | { readonly do: "raw"; readonly bytes: Uint8Array; readonly piece?: number; readonly every?: number }
  /** The same piece of the body over and over, until nobody takes it any more. */
  | { readonly do: "pour"; readonly bytes: Uint8Array; readonly every?: number }
  | { readonly do: "pause"; readonly delay: number }
  /** The body is whole: the connection may be used again. */
  | { readonly do: "end" }
  /** FIN. */
  | { readonly do: "close" }
  /** RST. */
  | { readonly do: "reset" }
  /** Nothing more, and the connection stays open. */
  | { readonly do: "hang" };

/** What the upstream does with one request, from its last byte on. */
export type Script = readonly Step[];

interface HeadOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Delimited;
}

/** How bytes are cut up and spaced out. */
interface Delivery {
  /** Bytes a write. @default all */
  readonly piece?: number;
  /** Milliseconds between writes. @default none */
  readonly every?: number;
}

export const accept: Step = { do: "accept" };
export const end: Step = { do: "end" };
export const close: Step = { do: "close" };
export const reset: Step = { do: "reset" };
export const hang: Step = { do: "hang" };

/** The status and headers of an event stream, unless told otherwise. */
export function head({
  status = 200,
  headers = { "content-type": "text/event-stream" },
  body = "chunked",
}: HeadOptions = {}): Step {
  return { do: "head", status, headers, body };
}

export function send(text: string | Uint8Array, delivery: Delivery = {}): Step {
  return { do: "send", bytes: bytesOf(text), ...delivery };
}

export function raw(text: string | Uint8Array, delivery: Delivery = {}): Step {
  return { do: "raw", bytes: bytesOf(text), ...delivery };
}

export function pour(text: string | Uint8Array, { every }: Pick<Delivery, "every"> = {}): Step {
  return { do: "pour", bytes: bytesOf(text), ...(every !== undefined && { every }) };
}

export function pause(delay: number): Step {
  return { do: "pause", delay };
}

/** An event stream that is delivered whole. */
export function stream(...pieces: readonly string[]): Script {
  return [head(), ...pieces.map((piece) => send(piece)), end];
}

/** A body in one piece, with its length. */
export function whole(
  body: string | Uint8Array,
  { status = 200, headers = {} }: Omit<HeadOptions, "body"> = {},
): Script {
  const bytes = bytesOf(body);
  const all = { "content-type": "application/json", ...headers };
  return [head({ status, headers: all, body: { length: bytes.length } }), send(bytes), end];
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? Buffer.from(text) : text;
}
