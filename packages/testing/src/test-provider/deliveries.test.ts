import { expect, test } from "vitest";
import type { ProviderSample } from "../provider-sample.ts";
import {
  deliveries,
  randomChunks,
  singleBytes,
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
});

test("makes line ends the same, whatever they were", () => {
  expect(text(withLineEnds(bytes("a\nb\r\nc\rd"), "\r\n"))).toBe("a\r\nb\r\nc\r\nd");
  expect(text(withLineEnds(bytes("a\r\n\r\nb"), "\n"))).toBe("a\n\nb");
});

test("leaves the last line breaks out", () => {
  expect(text(withoutLastBreaks(bytes("data: a\r\n\r\n\n")))).toBe("data: a");
  expect(text(withoutLastBreaks(bytes("\n\n")))).toBe("");
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
  const whole = dataOf(body);
  for (const { name, chunks, accepts } of deliveries(sampleOf("sse", body))) {
    if (accepts === "answer") expect(dataOf(text(...chunks)), name).toStrictEqual(whole);
  }
});

test("delivers the same lines of NDJSON", () => {
  const body = '{"a":1}\n{"b":2}\n';
  const names: string[] = [];
  for (const { name, chunks, accepts } of deliveries(sampleOf("ndjson", body))) {
    names.push(name);
    if (accepts !== "answer") continue;
    expect(
      text(...chunks)
        .split(/[\r\n]+/)
        .filter((line) => line !== ""),
      name,
    ).toStrictEqual(['{"a":1}', '{"b":2}']);
  }
  expect(names).toContain("blank lines between");
});

test("cuts at three fifths, closing or breaking", () => {
  const cuts = [...deliveries(sampleOf("json", "0123456789"))].filter(({ accepts }) => accepts === "no success");
  expect(cuts.map(({ chunks, breaks }) => [text(...chunks), breaks])).toStrictEqual([
    ["012345", undefined],
    ["012345", true],
  ]);
});
