import { inspect } from "node:util";
import { observe } from "@plugboard/middleware";
import type { Fault, Mode, Observation } from "../fault.ts";
import { sse } from "../protocols/protocol.ts";
import { close, end, hang, head, raw, send, stream, whole } from "../upstream/step.ts";
import { key, question, showings } from "../secrets.ts";
import { answered, begun, good, refused, saidHello } from "./answers.ts";

const both: readonly Mode[] = ["stream", "generate"];
const echo = `No such key: ${key}.`;
const html = { "content-type": "text/html" };

/** Peers that repeat what they were sent, and ways to make it go elsewhere. That it never shows is checked for every fault; here it is provoked. */
export const secrets: readonly Fault[] = [
  {
    id: "secrets/echoed-key",
    why: "A refusal that repeats the key it refuses.",
    modes: both,
    upstream: (at) => [refused(at, 401, { message: echo, type: "invalid_api_key" })],
    holds: { error: { code: "auth", status: 401, message: /No such key: \[redacted\]/ } },
  },
  {
    id: "secrets/echoed-header",
    why: "One that repeats the whole header.",
    modes: both,
    upstream: (at) => [refused(at, 401, { message: `Bad credentials: Bearer ${key}, x-api-key=${key};` })],
    holds: { error: { code: "auth", status: 401 } },
  },
  {
    id: "secrets/echoed-in-page",
    why: "A web page of the edge with all headers that it got.",
    modes: both,
    upstream: () => [
      whole(`<html><body><pre>authorization: ${key}</pre></body></html>`, { status: 502, headers: html }),
    ],
    holds: { error: { code: "server", status: 502 } },
  },
  {
    id: "secrets/echoed-in-text",
    why: "A status of success, and a text that is no answer.",
    modes: both,
    upstream: () => [whole(key)],
    holds: { error: { code: "parse" } },
  },
  {
    id: "secrets/echoed-in-broken-json",
    why: "JSON that breaks right after the key: what the parser says of it quotes it.",
    modes: both,
    upstream: () => [whole(`{"key":"${key}"oops`)],
    holds: { error: { code: "parse" } },
  },
  {
    id: "secrets/echoed-in-broken-event",
    why: "The same in an event.",
    upstream: ({ protocol }) => [stream(protocol.preamble, sse(`{"k":"${key}"oops`))],
    holds: { error: { code: "parse" } },
  },
  {
    id: "secrets/echoed-in-bare-event",
    why: "An event that is nothing but the key.",
    upstream: ({ protocol }) => [stream(protocol.preamble, sse(key))],
    holds: { error: { code: "parse" } },
  },
  {
    id: "secrets/echoed-first",
    why: "An error as the first event that repeats the key.",
    upstream: ({ protocol }) => [stream(protocol.error({ status: 401, type: "authentication_error", message: echo }))],
    holds: { error: { code: "auth" } },
  },
  {
    id: "secrets/echoed-mid-text",
    why: "An error in the middle of the answer, with an id of the request beside it.",
    upstream: ({ protocol }) => [
      [
        ...saidHello(protocol),
        send(
          sse(
            { type: "error", error: { type: "api_error", code: 500, message: echo }, request_id: "req_011" },
            "error",
          ),
        ),
        end,
      ],
    ],
    holds: { error: { code: "server", partial: "Hello" } },
  },
  {
    id: "secrets/echoed-as-200",
    why: "An error in place of the answer that repeats the key.",
    modes: both,
    upstream: ({ protocol }) => [
      whole(protocol.failure({ status: 401, type: "authentication_error", message: echo }), {
        headers: { "x-request-id": "req_7" },
      }),
    ],
    holds: { error: { code: "auth" } },
  },
  {
    id: "secrets/echoed-in-bad-http",
    why: "A status line that is none, with the key in it: Node keeps the bytes on its error.",
    modes: both,
    upstream: () => [[raw(`HTTP/1.1 what? ${key}\r\n\r\n`), hang]],
    holds: { error: { code: "network" } },
  },
  {
    id: "secrets/echoed-in-bad-chunk",
    why: "The same in the size of a chunk, in the middle of an answer.",
    upstream: ({ protocol }) => [
      [head(), send(protocol.preamble + protocol.text("Hello")), raw(`zz ${key}\r\n`), hang],
    ],
    holds: { error: { code: "network", partial: "Hello" } },
  },
  {
    id: "secrets/echoed-in-url",
    why: "A message with an address whose query holds what looks like nothing.",
    modes: both,
    upstream: (at) => [
      refused(at, 400, { message: "See https://api.example.com/v1/models?key=0h-so-s3cret for help." }),
    ],
    holds: {
      error: { code: "invalid-request", status: 400 },
      also: ({ error }) => (showings(error, "s3cret").length > 0 ? "the query shows" : undefined),
    },
  },
  {
    id: "secrets/echoed-key-of-another",
    why: "A key that is not ours, known by its shape.",
    modes: both,
    upstream: (at) => [refused(at, 401, { message: "Incorrect API key: sk-proj-0123456789abcdefghij." })],
    holds: {
      error: { code: "auth", status: 401 },
      also: ({ error }) => (showings(error, "sk-proj-0123").length > 0 ? "the key shows" : undefined),
    },
  },
  {
    id: "secrets/echoed-own-header",
    why: "A secret in a header of the application's own.",
    modes: both,
    upstream: (at) => [refused(at, 403, { message: "The proxy does not know the token omega-4471-sigma." })],
    call: { options: { headers: { "x-proxy-token": "omega-4471-sigma" } } },
    holds: {
      error: { code: "permission", status: 403 },
      also: ({ error }) => (showings(error, "omega-4471").length > 0 ? "the token shows" : undefined),
    },
  },
  {
    id: "secrets/echoed-question",
    why: "A refusal that repeats the question, as servers do that validate bodies by a schema.",
    modes: both,
    upstream: (at) => [refused(at, 400, { message: `Input should be shorter [input_value='${question}']` })],
    holds: { error: { code: "invalid-request", status: 400, message: /Input should be shorter/ } },
  },
  {
    id: "secrets/echoed-question-mid-text",
    why: "The same in the middle of an answer.",
    upstream: ({ protocol }) => [
      [
        ...begun(protocol),
        send(protocol.error({ status: 400, type: "invalid_request_error", message: `Cannot go on from: ${question}` })),
        end,
      ],
    ],
    holds: { error: { code: "invalid-request" } },
  },
  ...[301, 302, 303, 307, 308].map((status): Fault => ({
    id: `secrets/redirect-${status}`,
    why: "A redirect to another origin is not followed: it would carry the key, or the question, there.",
    modes: both,
    upstream: ({ beside }) => [whole("", { status, headers: { location: `${beside}/v1/steal?k=${key}` } })],
    beside: (at) => [answered(at)],
    holds: { error: { code: "invalid-request", status } },
  })),
  {
    id: "secrets/key-with-line-break",
    why: "A key with a line break in the middle: Node's own message would print it.",
    modes: both,
    upstream: (at) => [answered(at)],
    call: { options: { apiKey: `${key}\n${key}` } },
    holds: { error: { code: "auth" }, requests: 0 },
  },
  {
    id: "secrets/key-with-space",
    why: "White space around a key is dropped, as it comes from files and variables.",
    modes: both,
    upstream: (at) => [answered(at)],
    call: { options: { apiKey: `  ${key}\n` } },
    holds: {
      text: good,
      also: ({ requests }) =>
        Object.values(requests[0]!.headers).some((value) => value.endsWith(key)) ? undefined : "another key was sent",
    },
  },
  {
    id: "secrets/header-with-line-break",
    why: "A header that would start another one.",
    upstream: (at) => [answered(at)],
    call: { options: { headers: { "x-note": `a\r\nauthorization: ${key}` } } },
    holds: { error: { code: "invalid-request" }, requests: 0 },
  },
  {
    id: "secrets/request-header-with-line-break",
    why: "The same in a header of one request.",
    upstream: (at) => [answered(at)],
    call: { request: { headers: { "x-note": `a\r\nauthorization: ${key}` } } },
    holds: { error: { code: "invalid-request" }, requests: 0 },
  },
  {
    id: "secrets/model-and-reply",
    why: "A model, its reply and its result can be printed and logged.",
    modes: both,
    upstream: (at) => [answered(at)],
    call: {
      async act({ model, request, mode }) {
        const shown = [inspect(model, { depth: 20, showHidden: true }), JSON.stringify(model)];
        if (mode === "stream") {
          const reply = await model.stream(request);
          shown.push(inspect(reply, { depth: 20, showHidden: true }), JSON.stringify(reply));
          await reply.result();
        } else shown.push(inspect(await model.generate(request), { depth: 20 }));
        if (shown.some((text) => text.includes(key))) throw new Error("The key shows.");
        return undefined;
      },
    },
    holds: {},
  },
  {
    id: "secrets/observed",
    why: "What observers are told by default has neither the key nor the question in it.",
    modes: both,
    upstream: (at) => [refused(at, 401, { message: echo })],
    call: {
      async act({ model, request, mode }) {
        const told: unknown[] = [];
        const observer = observe();
        observer.events.on("start", (call) => told.push(call));
        observer.events.on("attempt", (notice) => told.push(notice));
        observer.events.on("end", (end) => told.push(end));
        const asked = mode === "stream" ? model.with(observer).stream(request) : model.with(observer).generate(request);
        const error: unknown = await asked.catch((thrown: unknown) => thrown);
        if (told.length === 0) throw new Error("Nothing was told.");
        const where = told.flatMap((heard) => showings(heard, key));
        if (where.length > 0) throw new Error(`The key shows: ${where.join(", ")}`);
        throw error;
      },
    },
    holds: { error: { code: "auth", status: 401 } },
  },
  {
    id: "secrets/plain-http-elsewhere",
    why: "A key is not sent in the clear to another machine.",
    upstream: (at) => [answered(at)],
    call: {
      act: ({ protocol }) =>
        Promise.reject(thrownBy(() => protocol.model({ apiKey: key, baseURL: "http://192.0.2.1/v1" }))),
    },
    holds: { error: { code: "invalid-request" }, requests: 0 },
  },
  {
    id: "secrets/password-in-url",
    why: "A key in the address is refused without printing it.",
    upstream: (at) => [answered(at)],
    call: {
      act: ({ protocol, upstream }) =>
        Promise.reject(
          thrownBy(() => protocol.model({ apiKey: key, baseURL: upstream.origin.replace("//", `//user:${key}@`) })),
        ),
    },
    holds: { error: { code: "invalid-request" }, requests: 0 },
  },
  {
    id: "secrets/query-in-url",
    why: "The same in its query.",
    upstream: (at) => [answered(at)],
    call: {
      act: ({ protocol, upstream }) =>
        Promise.reject(thrownBy(() => protocol.model({ apiKey: key, baseURL: `${upstream.origin}/v1?key=${key}` }))),
    },
    holds: { error: { code: "invalid-request" }, requests: 0 },
  },
  ...[
    "http://{host}/latest/meta-data",
    "http://[::ffff:7f00:1]:{port}/x",
    "http://0x7f.1:{port}/x",
    "http://127.0.0.1.:{port}/x",
  ].map((form, place): Fault => ({
    id: `secrets/file-url-${["loopback", "mapped", "hexadecimal", "trailing-dot"][place]}`,
    why: `A file at ${form}: its address is passed on or refused, and never fetched from here.`,
    upstream: (at) => [answered(at)],
    beside: (at) => [answered(at)],
    call: {
      async act({ model, request, beside }) {
        const { host, port } = new URL(beside);
        const data = new URL(form.replace("{host}", host).replace("{port}", port));
        const file = { type: "file", mediaType: "image/png", data } as const;
        const asked = {
          ...request,
          messages: [{ role: "user", content: [{ type: "text", text: question }, file] }],
        } as const;
        return (await model.stream(asked)).result();
      },
    },
    holds: { text: good },
  })),
  {
    id: "secrets/not-in-the-address",
    why: "The key goes in a header and never in the address, which proxies log.",
    modes: both,
    upstream: (at) => [answered(at)],
    holds: {
      text: good,
      also: ({ requests }) => (requests[0]!.head.includes(key) ? "the key is in the address" : undefined),
    },
  },
  {
    id: "secrets/closed-with-the-question-in-it",
    why: "What breaks under a request tells of the host alone.",
    modes: both,
    upstream: () => [[close]],
    holds: {
      error: { code: "network", message: /127\.0\.0\.1:\d+/ },
      also: (seen) => pathShows(seen),
    },
  },
];

function pathShows({ error }: Observation): string | undefined {
  return /\/(v1|chat|responses|messages)/.test((error as Error).message) ? "the path shows" : undefined;
}

function thrownBy(make: () => unknown): unknown {
  try {
    make();
  } catch (error) {
    return error;
  }
  return new Error("It was taken.");
}
