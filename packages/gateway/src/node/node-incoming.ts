import type { IncomingMessage } from "node:http";
import { ModelError } from "@plugboard/core";
import type { Incoming } from "../handling/incoming.ts";
import { Refusal } from "../handling/refusal.ts";
import { tooLong } from "../handling/too-long.ts";

/** A request of `node:http`. */
export function nodeIncoming(request: IncomingMessage, remote: string, signal: AbortSignal): Incoming {
  const { url = "/", method = "GET", headers } = request;
  const mark = url.indexOf("?");
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    header(name) {
      const value = headers[name];
      return typeof value === "string" ? value : value?.join(", ");
    },
    body: (most) => readBody(request, most),
    remote,
    signal,
  };
}

/** With listeners rather than an iterator: a promise a request, and not one a chunk. */
function readBody(request: IncomingMessage, most: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const take = (chunk: Uint8Array): void => {
      size += chunk.length;
      if (size <= most) return void chunks.push(chunk);
      request.off("data", take);
      chunks.length = 0;
      return reject(tooLong(most));
    };
    request.on("data", take);
    request.once("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    request.once("close", () => reject(brokenOff()));
    request.once("error", () => reject(brokenOff()));
  });
}

function brokenOff(): Refusal {
  return new Refusal(400, new ModelError("The body broke off.", { code: "invalid-request" }), true);
}
