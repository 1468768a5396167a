import type { Readable, Transform } from "node:stream";
import type * as Zlib from "node:zlib";
import { ByteQueue } from "./byte-queue.ts";

/**
 * What takes a `content-encoding` apart; nothing for a body that comes as it is, and for encodings that Node does not know.
 *
 * @example
 * const unpack = unpacking(headers["content-encoding"]);
 * const body = queueOf(unpack ? incoming.pipe(unpack) : incoming, () => incoming.destroy());
 */
export function unpacking(encoding: string | undefined): Transform | undefined {
  return encoding === undefined ? undefined : unpackers[encoding.toLowerCase().trim()]?.();
}

/** The body of a response that comes as a stream of Node; `close` closes the socket. */
export function queueOf(stream: Readable, close: () => void): ByteQueue {
  const queue = new ByteQueue({
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    close() {
      stream.destroy();
      close();
    },
  });
  stream.on("data", (bytes: Uint8Array) => queue.push(bytes));
  stream.once("end", () => queue.end());
  stream.once("close", () => queue.fail(new Error("The connection closed before the answer had ended.")));
  stream.on("error", (error) => queue.fail(error));
  return queue;
}

const unpackers: Readonly<Record<string, (() => Transform) | undefined>> = {
  gzip: () => zlib().createGunzip(),
  "x-gzip": () => zlib().createGunzip(),
  deflate: () => zlib().createInflate(),
  br: () => zlib().createBrotliDecompress(),
};

// Asked for when it is needed, and not imported: so this package loads in runtimes without it.
const zlib = (): typeof Zlib => process.getBuiltinModule("node:zlib");
