import { crc32 } from "node:zlib";
import type { ModelEvent } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { awsEventStream, exceptionOf } from "./aws-event-stream.ts";

type Header = readonly [name: string, value: string];

/** Writes a message by the specification, with zlib's checksum. */
function message(headers: readonly Header[], payload: string, type = 7): Buffer {
  const written = headers.map(([name, value]) => {
    const text = Buffer.from(value);
    const head = Buffer.concat([Buffer.from([Buffer.byteLength(name)]), Buffer.from(name), Buffer.from([type])]);
    return Buffer.concat([head, Buffer.from([text.length >> 8, text.length & 255]), text]);
  });
  return raw(Buffer.concat(written), payload);
}

function raw(headers: Buffer, payload: string): Buffer {
  const body = Buffer.from(payload);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + headers.length + body.length);
  prelude.writeUInt32BE(headers.length, 4);
  const all = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([all, checksum(all)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

function event(type: string, payload: string): Buffer {
  return message(
    [
      [":event-type", type],
      [":content-type", "application/json"],
      [":message-type", "event"],
    ],
    payload,
  );
}

function read(pieces: readonly Uint8Array[], largest = 1_000_000): [data: string, name: string][] {
  const seen: [string, string][] = [];
  const framing = awsEventStream.open({ push: (data, name) => void seen.push([data, name]), end() {} }, largest);
  const out: ModelEvent[] = [];
  for (const piece of pieces) framing.push(piece, out);
  return seen;
}

// The vectors that AWS publishes with its implementations of the format.
const vectors = {
  empty: "000000100000000005c248eb7d98c8ff",
  int32Header: "0000002d0000001041c424b80a6576656e742d747970650400 00a00c7b27666f6f273a27626172277d36f480a0",
  noHeaders: "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936",
  oneHeader:
    "0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172277d8d9c08b1",
  allHeaders:
    "000000cc000000af0fae64ca0a6576656e742d747970650400 00a00c0c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0a626f6f6c2066616c73650109626f6f6c2074727565000462797465 02cf0862797465206275660600144927 6d2061206c6974746c6520746561706f74210974696d657374616d700800000000 00845fed05696e74313603002a05696e743634050000000002 8757b20475756964090102030405060708090a0b0c0d0e0f107b27666f6f273a27626172277daba5f10c",
  corruptedHeaders:
    "0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b61666f6f273a27626172277d8d9c08b1",
  corruptedHeaderLength:
    "0000003d0000002107fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172277d8d9c08b1",
  corruptedLength:
    "0000003e0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172277d8d9c08b1",
  corruptedPayload: "0000001d00000000fd528c5a5b27666f6f273a27626172277dc3653936",
} as const;
const bytesOf = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(" ", ""), "hex");

test.for([
  ["empty", ""],
  ["int32Header", "{'foo':'bar'}"],
  ["noHeaders", "{'foo':'bar'}"],
  ["oneHeader", "{'foo':'bar'}"],
  ["allHeaders", "{'foo':'bar'}"],
] as const)("reads the published vector %s", ([name, payload]) => {
  expect(read([bytesOf(vectors[name])])).toEqual([[payload, ""]]);
});

test.for(["corruptedHeaders", "corruptedHeaderLength", "corruptedLength", "corruptedPayload"] as const)(
  "refuses the published vector %s",
  (name) => {
    expect(() => read([bytesOf(vectors[name])])).toThrow(/no sound AWS event stream/);
  },
);

test("gives payloads with the types of their events, in order, whatever the pieces", () => {
  const part = fc.tuple(fc.constantFrom("messageStart", "contentBlockDelta", "ein Ereignis für sich"), fc.string());
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.array(fc.nat(800)), (parts, cuts) => {
      const body = Buffer.concat(parts.map(([type, payload]) => event(type, payload)));
      const places = [0, ...cuts.filter((cut) => cut < body.length).toSorted((a, b) => a - b), body.length];
      const pieces = places.slice(1).map((end, index) => body.subarray(places[index], end));
      const wanted = parts.map(([type, payload]) => [payload, type]);
      expect(read(pieces)).toEqual(wanted);
      expect(read(Array.from(body, (_, at) => body.subarray(at, at + 1)))).toEqual(wanted);
    }),
    { numRuns: 60 },
  );
});

test("keeps what it needs of a piece: the next may come in the same memory", () => {
  const body = event("messageStart", '{"role":"assistant"}');
  const memory = new Uint8Array(7);
  const seen: string[] = [];
  const framing = awsEventStream.open({ push: (data) => void seen.push(data), end() {} }, 1000);
  for (let at = 0; at < body.length; at += 7) {
    const piece = body.subarray(at, at + 7);
    memory.set(piece);
    framing.push(memory.subarray(0, piece.length), []);
  }
  expect(seen).toEqual(['{"role":"assistant"}']);
});

describe("exceptions", () => {
  test("come by a name that tells them from events", () => {
    const body = message(
      [
        [":exception-type", "throttlingException"],
        [":message-type", "exception"],
      ],
      '{"message":"slow down"}',
    );
    const [[data, name]] = read([body]) as [[string, string]];
    expect(data).toBe('{"message":"slow down"}');
    expect(exceptionOf(name)).toBe("throttlingException");
    expect(exceptionOf("throttlingException")).toBeUndefined();
  });

  test("are also errors that have no payload", () => {
    const body = message(
      [
        [":message-type", "error"],
        [":error-code", "InternalFailure"],
        [":error-message", 'It "broke".'],
      ],
      "",
    );
    const [[data, name]] = read([body]) as [[string, string]];
    expect(JSON.parse(data)).toEqual({ message: 'It "broke".' });
    expect(exceptionOf(name)).toBe("InternalFailure");
  });
});

describe("damage", () => {
  const sound = event("contentBlockDelta", '{"delta":{"text":"Hello"}}');

  test("of any single bit is noticed: nothing wrong is ever given", () => {
    fc.assert(
      fc.property(fc.nat(sound.length * 8 - 1), fc.boolean(), (bit, apart) => {
        const bytes = Uint8Array.from(sound);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const pieces = apart ? Array.from(bytes, (byte) => Uint8Array.of(byte)) : [bytes];
        expect(() => read(pieces)).toThrow(ModelError);
      }),
    );
  });

  test("is a parse error; of something else altogether it says so", () => {
    expect(() => read([Buffer.from("<!doctype html><html>")])).toThrow(
      expect.objectContaining({ code: "parse", message: expect.stringContaining("does not begin like one") }),
    );
    expect(() => read([sound, Buffer.from("<!doctype html>")])).toThrow(/broken checksum/);
  });

  test("in headers is noticed although the checksums are right", () => {
    const short = raw(Buffer.from([5, 0x61]), "{}");
    const unknownType = raw(Buffer.from([1, 0x61, 10]), "{}");
    const long = raw(Buffer.from([1, 0x61, 7, 0, 200, 0x62]), "{}");
    for (const bytes of [short, unknownType, long]) expect(() => read([bytes])).toThrow(/header/);
  });

  test("of lengths is noticed: headers that are longer than the message", () => {
    const bytes = Buffer.from(raw(Buffer.alloc(0), "{}"));
    bytes.writeUInt32BE(90, 4);
    bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
    expect(() => read([bytes])).toThrow(/shorter than its headers/);
  });

  test("by a message that is too large is noticed before it has come", () => {
    const bytes = event("contentBlockDelta", "x".repeat(500));
    expect(() => read([bytes.subarray(0, 12)], 500)).toThrow(/too large: \d+ bytes, more than 500/);
    expect(() => read([bytes.subarray(0, 3), bytes.subarray(3, 12)], 500)).toThrow(/too large/);
    expect(read([bytes], 1000)).toHaveLength(1);
  });
});

test("takes a long message in single bytes without copying it anew for each: that would outlast the test", () => {
  const body = event("contentBlockDelta", "x".repeat(400_000));
  const byte = new Uint8Array(1);
  let seen = 0;
  const framing = awsEventStream.open({ push: (data) => void (seen += data.length), end() {} }, 1_000_000);
  for (const value of body) {
    byte[0] = value;
    framing.push(byte, []);
  }
  expect(seen).toBe(400_000);
});
