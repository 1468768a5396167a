import type { Json } from "@plugboard/core";
import { crc32 } from "../crc32.ts";

const encoder = new TextEncoder();

/** The type of a value that is text, and the two bytes of its length. */
const textType = 7;

/**
 * A message of an AWS event stream: the other direction of `awsEventStream`.
 *
 * @param type - of the event or the exception: `contentBlockDelta`, `throttlingException`
 * @example
 * response.write(eventFrame("messageStart", { role: "assistant" }));
 */
export function eventFrame(
  type: string,
  payload: Json,
  kind: "event" | "exception" = "event",
): Uint8Array<ArrayBuffer> {
  const headers = [
    header(`:${kind}-type`, type),
    header(":content-type", "application/json"),
    header(":message-type", kind),
  ];
  const headersLength = headers.reduce((sum, { length }) => sum + length, 0);
  const body = encoder.encode(JSON.stringify(payload));
  const frame = new Uint8Array(16 + headersLength + body.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, frame.length);
  view.setUint32(4, headersLength);
  view.setUint32(8, crc32(frame, 0, 8));
  let place = 12;
  for (const part of [...headers, body]) {
    frame.set(part, place);
    place += part.length;
  }
  view.setUint32(place, crc32(frame, 0, place));
  return frame;
}

function header(name: string, value: string): Uint8Array {
  const [told, said] = [encoder.encode(name), encoder.encode(value)];
  return Uint8Array.of(told.length, ...told, textType, said.length >> 8, said.length & 0xff, ...said);
}
