import { crc32 } from "node:zlib";
import type { Json } from "@plugboard/core";

/** A message of an AWS event stream, by its specification: an event, or an exception. */
export function awsFrame(type: string, payload: Json, kind: "event" | "exception" = "event"): Buffer {
  const headers = Buffer.concat(
    [
      [`:${kind}-type`, type],
      [":content-type", "application/json"],
      [":message-type", kind],
    ].map(([name = "", value = ""]) =>
      Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7, 0, value.length]),
        Buffer.from(value),
      ]),
    ),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const written = Buffer.alloc(16 + headers.length + body.length);
  written.writeUInt32BE(written.length, 0);
  written.writeUInt32BE(headers.length, 4);
  written.writeUInt32BE(crc32(written.subarray(0, 8)), 8);
  headers.copy(written, 12);
  body.copy(written, 12 + headers.length);
  written.writeUInt32BE(crc32(written.subarray(0, -4)), written.length - 4);
  return written;
}
