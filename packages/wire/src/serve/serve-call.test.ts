import { ModelError, ModelReply, defineModel } from "@plugboard/core";
import type { CallOptions, Json, Model, ModelEvent, ModelRequest } from "@plugboard/core";
import { describe, expect, test, vi } from "vitest";
import type { ServedProtocol } from "../served-protocol.ts";
import { serveCall } from "./serve-call.ts";
import { toResponse } from "./served-answer.ts";
import type { ServedAnswer } from "./served-answer.ts";

/** `{"model": "…", "say": "…", "stream": true}` asks; a stream is a line for each text, and `.` or `!code` at the end. */
const lines: ServedProtocol = {
  name: "lines",
  streamType: "text/plain",
  readRequest(body) {
    const { model, say, stream } = body as { model: string; say?: string; stream?: boolean };
    if (say === undefined) throw new ModelError("say is missing.", { code: "invalid-request" });
    return {
      model,
      request: { messages: [{ role: "user", content: say }], ...(stream !== undefined && { stream }) },
    };
  },
  writeResult: (result, asked) => ({ by: asked.model, said: result.content.length }),
  writer: () => ({
    write(event) {
      if (event.type === "text-delta") return `${event.text}\n`;
      return event.type === "finish" ? ".\n" : "";
    },
    fail: (error) => (error.code === "network" ? undefined : `!${error.code}\n`),
  }),
  writeError: ({ code, message }) => ({ status: 418, headers: { "x-code": code }, body: { message } }),
};

const warnings = [
  { code: "dropped", path: "seed", message: "a prompt may be quoted here" },
  { code: "adapted", path: "tools[0].name\r\nset-cookie: x", message: "so" },
];

type Draft = string | Partial<ModelEvent> | { readonly finishReason: "stop" } | ModelError;

function modelOf(drafts: readonly Draft[], seen?: (request: ModelRequest) => void): Model {
  return defineModel({
    provider: "test",
    id: "test",
    call(request) {
      seen?.(request);
      async function* answer(): AsyncGenerator<never> {
        for (const draft of drafts) {
          if (draft instanceof ModelError) throw draft;
          yield draft as never;
        }
      }
      return ModelReply.from(answer(), { model: "test", warnings });
    },
  });
}

const end = { finishReason: "stop" } as const;
const ask = (model: Model, body: Json, options: CallOptions = {}): Promise<ServedAnswer> =>
  serveCall({ protocol: lines, body, pick: () => model, options });

test("an answer in one body says what was dropped in a header, without quoting anything", async () => {
  const answer = await ask(modelOf(["a", "b", end]), { model: "m", say: "x" });
  expect(answer).toEqual({
    status: 200,
    headers: {
      "content-type": "application/json",
      "x-plugboard-warnings": "dropped seed, adapted tools[0].name__set-cookie_ x",
    },
    body: '{"by":"m","said":1}',
  });
});

test("a stream is written as it comes, and ends", async () => {
  const response = toResponse(await ask(modelOf(["a", "b", end]), { model: "m", say: "x", stream: true }));
  expect(response.headers.get("content-type")).toBe("text/plain");
  await expect(response.text()).resolves.toBe("a\nb\n.\n");
});

test.each([
  ["what cannot be read", modelOf([end]), { model: "m" }, "invalid-request"],
  ["a failure before the first content", modelOf([new ModelError("no", { code: "overloaded" })]), 1, "overloaded"],
] as const)("%s is an error of the protocol with its status", async (_, model, given, code) => {
  const body = typeof given === "number" ? { model: "m", say: "x", stream: true } : given;
  await expect(ask(model, body)).resolves.toMatchObject({ status: 418, headers: { "x-code": code } });
});

test("a name that means nothing is an error of the protocol", async () => {
  const pick = (name: string): Model => {
    throw new ModelError(`There is no ${name}.`, { code: "not-found" });
  };
  const answer = await serveCall({ protocol: lines, body: { model: "m", say: "x" }, pick });
  expect(answer).toMatchObject({ status: 418, body: '{"message":"There is no m."}' });
});

test("a failure after the first content is said in the stream", async () => {
  const model = modelOf(["a", new ModelError("no", { code: "overloaded" })]);
  const response = toResponse(await ask(model, { model: "m", say: "x", stream: true }));
  await expect(response.text()).resolves.toBe("a\n!overloaded\n");
});

test("where the protocol has no form for a failure, the stream breaks off", async () => {
  const model = modelOf(["a", new ModelError("no", { code: "network" })]);
  const response = toResponse(await ask(model, { model: "m", say: "x", stream: true }));
  await expect(response.text()).rejects.toMatchObject({ code: "network" });
});

test("a client that goes away closes what stands behind", async () => {
  const cancel = vi.fn<() => void>();
  const first: readonly ModelEvent[] = [
    { type: "start", model: "test" },
    { type: "text-delta", index: 0, text: "a" },
  ];
  const model = defineModel({
    provider: "test",
    id: "test",
    call: () => {
      let pulls = 0;
      return ModelReply.open({ pull: () => (pulls++ === 0 ? Promise.resolve(first) : new Promise(() => {})), cancel });
    },
  });
  const { body } = toResponse(await ask(model, { model: "m", say: "x", stream: true }));
  const reader = body!.getReader();
  await reader.read();
  await reader.cancel();
  expect(cancel).toHaveBeenCalled();
});

test("the circumstances go over what the client asked", async () => {
  const seen = vi.fn<(request: ModelRequest) => void>();
  await ask(modelOf(["a", end], seen), { model: "m", say: "x" }, { tags: { user: "ada" } });
  expect(seen.mock.calls[0]![0]).toMatchObject({ tags: { user: "ada" }, messages: [{ content: "x" }] });
});

describe("members that only the protocol's own providers read", () => {
  const own: ServedProtocol = {
    ...lines,
    readBy: ["test", "test-elsewhere"],
    readRequest(body) {
      const asked = lines.readRequest(body);
      return { ...asked, request: { ...asked.request, providerOptions: { test: { logit_bias: {}, user: "u" } } } };
    },
  };
  const as = (provider: string): Model => {
    const { call } = modelOf(["a", end]);
    return defineModel({ provider, id: "m", call: (request) => call({ ...request, notify: () => {} }) });
  };
  const header = async (model: Model, stream: boolean): Promise<string | undefined> =>
    (await serveCall({ protocol: own, body: { model: "m", say: "x", stream }, pick: () => model })).headers[
      "x-plugboard-warnings"
    ];

  test.each([false, true])("are said to be dropped when another answers (streamed: %s)", async (stream) => {
    const said = "dropped seed, adapted tools[0].name__set-cookie_ x";
    expect(await header(as("other"), stream)).toBe(`${said}, dropped logit_bias, dropped user`);
    expect(await header(as("test-elsewhere"), stream)).toBe(said);
  });

  test("are judged by who answers, not by who failed before", async () => {
    const failing = defineModel({
      provider: "other",
      id: "m",
      call: () => Promise.reject(new ModelError("no", { code: "overloaded" })),
    });
    const chain = defineModel({
      provider: "plugboard",
      id: "chain",
      models: [failing],
      call: (request) => failing.call(request).catch(() => as("test").call(request)),
    });
    expect(await header(chain, false)).not.toContain("logit_bias");
  });
});

test("a loser that is told of after the winner began does not answer", async () => {
  let lose: (error: Error) => void = () => {};
  const loser = defineModel({
    provider: "other",
    id: "m",
    call: () => new Promise((_, reject) => void (lose = reject)),
  });
  const winner = modelOf(["a", end]);
  const both = defineModel({
    provider: "plugboard",
    id: "both",
    models: [winner, loser],
    async call(request) {
      const lost = loser.call(request).catch(() => {});
      const reply = await winner.call(request);
      lose(new ModelError("late", { code: "overloaded" }));
      await lost;
      return reply;
    },
  });
  const own: ServedProtocol = {
    ...lines,
    readBy: ["test"],
    readRequest: (body) => {
      const asked = lines.readRequest(body);
      return { ...asked, request: { ...asked.request, providerOptions: { test: { user: "u" } } } };
    },
  };
  const { headers } = await serveCall({
    protocol: own,
    body: { model: "m", say: "x", stream: true },
    pick: () => both,
  });
  expect(headers["x-plugboard-warnings"]).not.toContain("user");
});

test("what was dropped is told as it is known, whatever the listener does", async () => {
  const told: string[] = [];
  const options: CallOptions = {
    notify(notice) {
      if (notice.type === "warning") told.push(notice.warning.path ?? "");
      throw new Error("a listener's own fault");
    },
  };
  const late = { code: "dropped", path: "late", message: "only now" };
  const model = modelOf(["a", { finishReason: "stop", warnings: [late] } as never]);
  await expect(ask(model, { model: "m", say: "x" }, options)).resolves.toMatchObject({ status: 200 });
  expect(told.toSorted()).toEqual(["late", "seed", "tools[0].name\r\nset-cookie: x"]);

  told.length = 0;
  const streamed = toResponse(await ask(model, { model: "m", say: "x", stream: true }, options));
  expect(told).not.toContain("late");
  await streamed.text();
  expect(told).toContain("late");
});

describe("a signal of the client's request that fires", () => {
  const reason = new DOMException("enough", "AbortError");
  const endless = (cancel: () => void): Model =>
    defineModel({
      provider: "test",
      id: "test",
      call: () => {
        let pulls = 0;
        const first: readonly ModelEvent[] = [
          { type: "start", model: "test" },
          { type: "text-delta", index: 0, text: "a" },
        ];
        return ModelReply.open({
          pull: () => (pulls++ === 0 ? Promise.resolve(first) : new Promise(() => {})),
          cancel,
        });
      },
    });

  test("fails the reading with its reason, and closes what stands behind", async () => {
    const cancel = vi.fn<() => void>();
    const stop = new AbortController();
    const answer = await ask(endless(cancel), { model: "m", say: "x", stream: true });
    const reader = toResponse(answer, stop.signal).body!.getReader();
    await reader.read();
    const rest = reader.read();
    stop.abort(reason);
    await expect(rest).rejects.toBe(reason);
    expect(cancel).toHaveBeenCalled();
  });

  test("before the answer is looked at does the same", async () => {
    const cancel = vi.fn<() => void>();
    const answer = await ask(endless(cancel), { model: "m", say: "x", stream: true });
    const response = toResponse(answer, AbortSignal.abort(reason));
    await expect(response.text()).rejects.toBe(reason);
    expect(cancel).toHaveBeenCalled();
  });

  test("is left alone once the answer is over", async () => {
    const stop = new AbortController();
    const remove = vi.spyOn(stop.signal, "removeEventListener");
    const add = vi.spyOn(stop.signal, "addEventListener");
    const bodies = [modelOf(["a", end]), modelOf(["a", new ModelError("no", { code: "network" })])];
    for (const model of bodies) {
      const response = toResponse(await ask(model, { model: "m", say: "x", stream: true }), stop.signal);
      await response.text().catch(() => {});
    }
    const gone = toResponse(await ask(bodies[0]!, { model: "m", say: "x", stream: true }), stop.signal);
    await gone.body!.cancel();
    expect(add).toHaveBeenCalledTimes(3);
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(add.mock.calls.map(([, listener]) => listener));
  });
});
