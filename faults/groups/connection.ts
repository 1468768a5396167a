import type { Fault, Mode } from "../fault.ts";
import { accept, close, end, head, hang, raw, reset, send, whole } from "../upstream/step.ts";
import { answered, good } from "./answers.ts";

const both: readonly Mode[] = ["stream", "generate"];
const broken = { error: { code: "network" } } as const;
const unreached = { error: { code: "network", phase: "connect" } } as const;

/** What can go wrong before there is an answer. */
export const connection: readonly Fault[] = [
  {
    id: "connection/refused",
    why: "Nobody listens: the request provably never got there.",
    modes: both,
    upstream: "absent",
    holds: {
      ...unreached,
      also: ({ notices }) => (isUnbilled(notices) ? undefined : "the attempt is not marked as unbilled"),
    },
  },
  {
    id: "connection/plain-for-tls",
    why: "A server without TLS behind an https address: no key is sent in the clear.",
    upstream: () => [[accept, raw("HTTP/1.1 400 Bad Request\r\n\r\n"), close]],
    call: { secure: true },
    holds: ({ transport }) => ({ ...(transport === "fetch" ? broken : unreached), requests: 0 }),
  },
  {
    id: "connection/reset-on-accept",
    why: "A load balancer without a backend resets what it has accepted.",
    modes: both,
    upstream: () => [[accept, reset]],
    // Whether the client saw that it was connected is the kernel's affair.
    holds: { error: { code: "network", phase: "any" }, requests: 0 },
  },
  {
    id: "connection/closed-on-accept",
    why: "A full server closes what it has accepted.",
    upstream: () => [[accept, close]],
    holds: { ...broken, requests: 0 },
  },
  {
    id: "connection/reset-after-request",
    why: "The whole request was read, so it may have been billed: it is not called unreached.",
    modes: both,
    upstream: () => [[reset]],
    holds: {
      ...broken,
      also: ({ notices }) => (isUnbilled(notices) ? "the attempt is marked as unbilled" : undefined),
    },
  },
  {
    id: "connection/closed-after-request",
    why: "The process behind a proxy died: an end without a byte is no answer.",
    modes: both,
    upstream: () => [[close]],
    holds: broken,
  },
  {
    id: "connection/reset-in-headers",
    why: "Half of the headers are no headers.",
    upstream: () => [[raw("HTTP/1.1 200 OK\r\ncontent-type: text/ev"), reset]],
    holds: broken,
  },
  {
    id: "connection/closed-in-headers",
    why: "The same with an orderly end.",
    upstream: () => [[raw("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"), close]],
    holds: broken,
  },
  {
    id: "connection/not-http",
    why: "Another service listens on the port.",
    upstream: () => [[accept, raw("SSH-2.0-OpenSSH_9.6\r\n"), hang]],
    holds: { ...broken, requests: 0 },
  },
  {
    id: "connection/bad-status-line",
    why: "A status that is no number.",
    upstream: () => [[raw("HTTP/1.1 fine OK\r\n\r\n"), hang]],
    holds: broken,
  },
  {
    id: "connection/length-and-chunked",
    why: "Two lengths that contradict each other: the way requests are smuggled.",
    upstream: () => [
      [raw("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"), hang],
    ],
    holds: broken,
  },
  {
    id: "connection/bad-chunk-size",
    why: "A chunk whose size is no number, in the middle of an answer.",
    upstream: ({ protocol }) => [[head(), send(protocol.preamble + protocol.text("Hello")), raw("zz\r\n"), hang]],
    holds: { error: { code: "network", partial: "Hello" } },
  },
  {
    id: "connection/upgraded",
    why: "101 Switching Protocols, which nobody asked for.",
    modes: both,
    upstream: () => [[raw("HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"), hang]],
    holds: broken,
  },
  {
    id: "connection/early-hints",
    why: "103 and 100 before the answer are no answer.",
    modes: both,
    upstream: (at) => [
      [
        raw("HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"),
        ...answered(at),
      ],
    ],
    // undici, which is also the fetch of Node, takes an unasked 100 for a broken connection.
    holds: ({ transport }) => (transport === "node" ? { text: good, finish: "stop" } : broken),
  },
  {
    id: "connection/stale-keep-alive",
    why: "A kept connection is closed as the next request is sent on it: that one fails and is not sent twice in secret.",
    modes: both,
    upstream: (at) => [answered(at), [reset]],
    call: {
      async act({ model, request, mode }) {
        await model.generate(request).catch(() => {}); // of a stream, another body than it asked for
        if (mode === "stream") return (await model.stream(request)).result();
        return model.generate(request);
      },
    },
    holds: { ...broken, requests: 2 },
  },
  {
    id: "connection/no-body-status",
    why: "204 No Content where an answer was due.",
    modes: both,
    upstream: () => [[head({ status: 204, headers: {}, body: { length: 0 } }), end]],
    holds: ({ mode }) => ({ error: { code: mode === "stream" ? "truncated" : "parse" } }),
  },
  {
    id: "connection/trailers",
    why: "Chunk extensions and trailers are part of HTTP, not of the answer.",
    upstream: ({ protocol }) => {
      const body = Buffer.from(protocol.preamble + protocol.text("Hello"));
      return [
        [
          raw("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"),
          raw(`${body.length.toString(16)};note=1\r\n`),
          raw(body),
          raw(`\r\n0\r\nx-checksum: 1\r\n\r\n`),
        ],
      ];
    },
    holds: { error: { code: "truncated", partial: "Hello" } },
  },
  {
    id: "connection/wrong-length",
    why: "More bytes than the length says: what is beyond it is not read as an answer.",
    modes: ["generate"],
    upstream: ({ protocol }) => {
      const body = protocol.whole({ text: good });
      const length = Buffer.byteLength(body);
      return [
        [head({ headers: { "content-type": "application/json" }, body: { length } }), send(`${body}{"more":1}`), close],
      ];
    },
    holds: { text: good, finish: "stop" },
  },
  {
    id: "connection/header-overflow",
    why: "A response with 200 kB of headers.",
    modes: both,
    upstream: (at) => [whole("{}", { headers: { "x-filler": "f".repeat(200_000) } }), answered(at)],
    holds: broken,
  },
  {
    id: "connection/many-headers",
    why: "A response with 20,000 headers.",
    upstream: () => [
      [
        raw(`HTTP/1.1 200 OK\r\n${Array.from({ length: 20_000 }, (_, place) => `x-${place}: 1\r\n`).join("")}\r\n`),
        hang,
      ],
    ],
    holds: broken,
  },
];

function isUnbilled(notices: readonly { readonly type: string }[]): boolean {
  return notices.some((notice) => notice.type === "attempt" && JSON.stringify(notice).includes('"unbilled":true'));
}
