import type { IncomingMessage } from "node:http";

/** A body as text, or `undefined` where it is longer than `most` bytes: then the rest is not kept. */
export async function readBody(request: IncomingMessage, most: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The answer that says so still goes out over the same socket.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
