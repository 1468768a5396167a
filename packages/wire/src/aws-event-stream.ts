import { ModelError } from "@plugboard/core";
import type { ModelEvent } from "@plugboard/core";
import type { ByteFraming, StreamFraming } from "./framing.ts";
import type { StreamDecoder } from "./stream-decoder.ts";
import { crc32 } from "./crc32.ts";

/**
 * Reads `application/vnd.amazon.eventstream`: messages of a length, headers and a payload, each with checksums. The decoder is given
 * the payload as text, and as name the type of the event; for what {@link exceptionOf} knows, that of the exception.
 */
export const awsEventStream: StreamFraming<ByteFraming> = {
  mediaType: "application/vnd.amazon.eventstream",
  open: (decoder, largest) => new AwsEventStreamFraming(decoder, largest),
};

/**
 * The type of the exception that a message of an AWS event stream is, `throttlingException`; `undefined` for the name of an event.
 *
 * @param name - as the decoder was given it
 */
export function exceptionOf(name: string): string | undefined {
  return name.startsWith(exceptionMark) ? name.slice(exceptionMark.length) : undefined;
}

const exceptionMark = "exception:";

// Four bytes each: the length of all, the length of the headers, the checksum of these two; and at the end that of all before.
const preludeLength = 12;
const checksumLength = 4;
const leastLength = preludeLength + checksumLength;

const utf8 = new TextDecoder();

class AwsEventStreamFraming implements ByteFraming {
  readonly takes = "bytes";
  begun = false;
  readonly #decoder: StreamDecoder;
  readonly #largest: number;
  /** The beginning of the message that is not whole yet, and how much of it is there. */
  #held = new Uint8Array(0);
  #heldLength = 0;
  /** The length of that message, once its prelude is there; 0 before. */
  #wanted = 0;

  constructor(decoder: StreamDecoder, largest: number) {
    this.#decoder = decoder;
    this.#largest = largest;
  }

  push(bytes: Uint8Array, out: ModelEvent[]): void {
    let start = this.#heldLength > 0 ? this.#complete(bytes, out) : 0;
    // Whole messages are read where they lie.
    while (bytes.length - start >= preludeLength) {
      const length = this.#lengthAt(bytes, start);
      if (bytes.length - start < length) break;
      this.#read(bytes, start, length, out);
      start += length;
    }
    this.#hold(bytes, start, bytes.length);
  }

  /** Takes what the held message lacks; returns the place after it. */
  #complete(bytes: Uint8Array, out: ModelEvent[]): number {
    let start = 0;
    if (this.#wanted === 0) {
      start = this.#hold(bytes, 0, Math.max(0, preludeLength - this.#heldLength));
      if (this.#heldLength < preludeLength) return start;
      this.#wanted = this.#lengthAt(this.#held, 0);
    }
    start = this.#hold(bytes, start, start + this.#wanted - this.#heldLength);
    if (this.#heldLength < this.#wanted) return start;
    const length = this.#wanted;
    this.#heldLength = 0;
    this.#wanted = 0;
    this.#read(this.#held, 0, length, out);
    return start;
  }

  /** Copies up to `end`, or as far as there are bytes; the room doubles, so that single bytes cost no more than large pieces. */
  #hold(bytes: Uint8Array, start: number, end: number): number {
    const stop = Math.min(end, bytes.length);
    const length = this.#heldLength + stop - start;
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#held.length, 1024));
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(bytes.subarray(start, stop), this.#heldLength);
    this.#heldLength = length;
    return stop;
  }

  /** The length that a prelude tells, once it is believed. */
  #lengthAt(bytes: Uint8Array, start: number): number {
    const length = uint32(bytes, start);
    const headersLength = uint32(bytes, start + 4);
    if (uint32(bytes, start + 8) !== crc32(bytes, start, start + 8)) {
      throw damaged(this.begun ? "a message has a broken checksum" : "it does not begin like one");
    }
    if (length < leastLength + headersLength) throw damaged("a message is shorter than its headers");
    if (length > this.#largest) {
      throw new ModelError(`A message of the stream is too large: ${length} bytes, more than ${this.#largest}.`, {
        code: "parse",
      });
    }
    return length;
  }

  #read(bytes: Uint8Array, start: number, length: number, out: ModelEvent[]): void {
    const end = start + length - checksumLength;
    if (uint32(bytes, end) !== crc32(bytes, start, end)) throw damaged("a message has a broken checksum");
    const payload = start + preludeLength + uint32(bytes, start + 4);
    const headers = readHeaders(bytes, start + preludeLength, payload);
    this.begun = true;
    if (headers.messageType === "error") {
      const message = JSON.stringify({ message: headers.errorMessage ?? headers.errorCode });
      return this.#decoder.push(message, exceptionMark + headers.errorCode, out);
    }
    const isException = headers.messageType === "exception";
    const name = isException ? exceptionMark + headers.exceptionType : headers.eventType;
    this.#decoder.push(utf8.decode(bytes.subarray(payload, end)), name, out);
  }
}

/** The headers that say what a message is. */
interface Headers {
  messageType: string;
  eventType: string;
  exceptionType: string;
  errorCode: string;
  errorMessage: string | undefined;
}

const members: Readonly<Record<string, keyof Headers>> = {
  ":message-type": "messageType",
  ":event-type": "eventType",
  ":exception-type": "exceptionType",
  ":error-code": "errorCode",
  ":error-message": "errorMessage",
};

/** Bytes of a value by its type: true, false, 8, 16, 32 and 64 bits, and after bytes and text a time and a UUID. */
const fixedLengths = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
const textType = 7;

function readHeaders(bytes: Uint8Array, start: number, end: number): Headers {
  const headers: Headers = {
    messageType: "",
    eventType: "",
    exceptionType: "",
    errorCode: "",
    errorMessage: undefined,
  };
  let place = start;
  while (place < end) {
    const nameEnd = place + 1 + bytes[place]!;
    const type = bytes[nameEnd]!;
    let value = nameEnd + 1;
    let length = fixedLengths[type];
    if (length === undefined) {
      if (type > 9) throw damaged("a header has a type that there is not");
      length = bytes[value]! * 256 + bytes[value + 1]!;
      value += 2;
    }
    if (value + length > end) throw damaged("a header is longer than the headers");
    const member = type === textType ? members[text(bytes, place + 1, nameEnd)] : undefined;
    if (member) headers[member] = text(bytes, value, value + length);
    place = value + length;
  }
  return headers;
}

/** A short text, mostly ASCII: that is faster read here than by a call of the decoder. */
function text(bytes: Uint8Array, start: number, end: number): string {
  let read = "";
  for (let place = start; place < end; place++) {
    const byte = bytes[place]!;
    if (byte > 0x7f) return utf8.decode(bytes.subarray(start, end));
    read += String.fromCharCode(byte);
  }
  return read;
}

function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function damaged(what: string): ModelError {
  return new ModelError(`The answer is no sound AWS event stream: ${what}.`, { code: "parse" });
}
