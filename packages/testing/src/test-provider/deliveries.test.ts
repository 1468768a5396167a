import { expect, test } from "vitest";
import type { ProviderSample } from "../provider-sample.ts";
import {
  deliveries,
  randomChunks,
  singleBytes,
  splitBefore,
  throughLastBreak,
  withComments,
  withLineEnds,
  withOtherFields,
  withoutLastBreaks,
} from "./deliveries.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (...chunks: readonly Uint8Array[]): string =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(chunks));

function sampleOf(framing: ProviderSample["framing"], body: string): ProviderSample {
  const call = { model: "a", messages: [] };
  return {
    name: "a sample",
    mode: "stream",
    call,
    status: 200,
    headers: {},
    body: bytes(body),
    framing,
    expected: {},
    exercises: [],
  };
}

/** The data of every event, read in the plainest way that the standard allows. */
function dataOf(stream: string): string[] {
  return stream
    .replace(/^\uFEFF/, "")
    .replaceAll(/\r\n|\r/g, "\n")
    .split("\n\n")
    .map((event) =>
      event
        .split("\n")
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).replace(/^ /, ""))
        .join("\n"),
    )
    .filter((data) => data !== "");
}

test("splits into single bytes and into random chunks without losing one", () => {
  const body = bytes("data: zwölf Böxkämpfer 🥊\n\n".repeat(20));
  expect(singleBytes(body)).toHaveLength(body.length);
  expect(text(...singleBytes(body))).toBe(text(body));

  const chunks = randomChunks(body, "a");
  expect(text(...chunks)).toBe(text(body));
  expect(chunks.some(({ length }) => length === 0)).toBe(true);
  expect(chunks.length).toBeGreaterThan(5);
  expect(randomChunks(body, "a")).toStrictEqual(chunks);
  expect(randomChunks(body, "b")).not.toStrictEqual(chunks);
  expect(splitBefore(bytes("a\r\nb\r\n"), 0x0a).map((chunk) => text(chunk))).toStrictEqual(["a\r", "\nb\r", "\n"]);
});

test("makes line ends the same, whatever they were", () => {
  expect(text(withLineEnds(bytes("a\nb\r\nc\rd"), "\r\n"))).toBe("a\r\nb\r\nc\r\nd");
  expect(text(withLineEnds(bytes("a\r\n\r\nb"), "\n"))).toBe("a\n\nb");
});

test("leaves the last line breaks out", () => {
  expect(text(withoutLastBreaks(bytes("data: a\r\n\r\n\n")))).toBe("data: a");
  expect(text(withoutLastBreaks(bytes("\n\n")))).toBe("");
});

test("finds the end of the last whole event", () => {
  expect(text(throughLastBreak(bytes("data: zwölf\n\ndata: b\n\ndata: c\n"), "sse"))).toBe(
    "data: zwölf\n\ndata: b\n\n",
  );
  expect(text(throughLastBreak(bytes("data: a\r\n\r\ndata"), "sse"))).toBe("data: a\r\n\r\n");
  expect(text(throughLastBreak(bytes("{}\n{}\n{"), "ndjson"))).toBe("{}\n{}\n");
  expect(text(throughLastBreak(bytes("data: a"), "sse"))).toBe("");
});

test("puts comments and other fields in without changing an event", () => {
  const body = bytes("event: a\ndata: one\n\ndata: two\ndata: three\n\n");
  const commented = text(withComments(body));
  expect(commented).toMatch(/^: keep-alive\n:\n\n: keep-alive\nevent: a\n: keep-alive\ndata: one\n: keep-alive\n\n/);
  expect(text(withOtherFields(body))).toBe(
    "event: a\nid: 1\nretry: 3000\nunheard-of\ndata:one\n\nid: 2\nretry: 3000\nunheard-of\ndata:two\nid: 3\nretry: 3000\nunheard-of\ndata:three\n\n",
  );
});

test("delivers the same events in every way that must give the answer", () => {
  const body = 'event: a\ndata: {"text":"zwölf\u2028"}\n\ndata: two\ndata: three\n\ndata: [DONE]\n\n';
  const same = [...deliveries(sampleOf("sse", body))].filter(({ accepts }) => accepts === "answer");
  const read = same.map(({ name, chunks }) => [name, dataOf(text(...chunks))]);
  expect(read).toStrictEqual(same.map(({ name }) => [name, ['{"text":"zwölf\u2028"}', "two\nthree", "[DONE]"]]));
  expect(same.length).toBeGreaterThan(8);
});

test("delivers the same lines of NDJSON", () => {
  const same = [...deliveries(sampleOf("ndjson", '{"a":1}\n{"b":2}\n'))].filter(({ accepts }) => accepts === "answer");
  const read = same.map(({ name, chunks }) => [name, text(...chunks).match(/[^\r\n]+/g)]);
  expect(read).toStrictEqual(same.map(({ name }) => [name, ['{"a":1}', '{"b":2}']]));
  expect(same.map(({ name }) => name)).toContain("blank lines between");
});

test("cuts at three fifths, closing or breaking", () => {
  const cuts = [...deliveries(sampleOf("json", "0123456789"))].filter(({ accepts }) => accepts === "no success");
  expect(cuts.map(({ chunks, breaks }) => [text(...chunks), breaks])).toStrictEqual([
    ["012345", undefined],
    ["012345", true],
  ]);
});

/** Frames by their lengths alone: nothing here looks at headers or checksums. */
function frame(payload: string): Uint8Array {
  const written = Buffer.alloc(16 + payload.length);
  written.writeUInt32BE(written.length);
  written.write(payload, 12);
  return written;
}

test("delivers the frames of AWS whole, in pieces and damaged", () => {
  const body = Buffer.concat([frame("one"), frame("two, and longer"), frame("three")]);
  const all = [...deliveries(sampleOf("aws-eventstream", ""))].length;
  const made = [...deliveries({ ...sampleOf("aws-eventstream", ""), body })];
  expect(made).toHaveLength(all);
  for (const { chunks } of made.filter(({ accepts }) => accepts === "answer")) {
    expect(Buffer.concat(chunks)).toStrictEqual(body);
  }
  const byName = new Map(made.map((delivery) => [delivery.name, delivery]));
  expect(byName.get("a frame a chunk")?.chunks).toHaveLength(3);
  const damaged = Buffer.concat(byName.get("a damaged frame")!.chunks);
  expect(damaged).toHaveLength(body.length);
  expect(damaged.filter((byte, place) => byte !== body[place])).toHaveLength(1);
  expect(byName.get("a damaged frame")?.accepts).toBe("no success");
});

test("finds the end of the last whole frame", () => {
  const [one, two] = [frame("one"), frame("two")];
  const cut = Buffer.concat([one, two]);
  expect(throughLastBreak(cut, "aws-eventstream")).toStrictEqual(cut);
  expect(throughLastBreak(cut.subarray(0, -1), "aws-eventstream")).toHaveLength(one.length);
  expect(throughLastBreak(cut.subarray(0, one.length + 2), "aws-eventstream")).toHaveLength(one.length);
});
