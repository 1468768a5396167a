import { ModelError, ModelReply, defineEmbeddingModel, defineModel, defineRerankModel, textOf } from "@plugboard/core";
import type {
  AnyMiddleware,
  Attempt,
  EmbeddingModel,
  FinishReason,
  Model,
  ModelErrorCode,
  ModelEvent,
  ModelRequest,
  ModelResult,
  Notice,
} from "@plugboard/core";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { fallback } from "./fallback.ts";

/** What a scripted model does: says these texts, then ends or fails. */
interface Script {
  readonly says?: readonly string[];
  readonly fails?: ModelErrorCode | Error;
  readonly ends?: FinishReason;
}

function scripted(id: string, { says = [], fails, ends = "stop" }: Script, asked: string[] = []): Model {
  async function* answer() {
    for (const text of says) yield text;
    if (fails instanceof Error) throw fails;
    if (fails) throw new ModelError(`${id} said ${fails}.`, { code: fails, provider: "script", model: id });
    yield { finishReason: ends, usage: { input: 1, output: says.length } };
  }
  return defineModel({
    provider: "script",
    id,
    call: (request) => {
      asked.push(id);
      void request;
      return ModelReply.from(answer(), { model: id });
    },
  });
}

const good = (id: string, asked?: string[]): Model => scripted(id, { says: ["I am ", id] }, asked);
const bad = (id: string, fails: ModelErrorCode | Error = "server"): Model => scripted(id, { fails });
const listed = good("a");
const short = (id: string): Model => scripted(id, { says: [id], ends: "length" });

async function failureOf(answer: Promise<unknown>): Promise<ModelError> {
  const error = await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (error instanceof ModelError) return error;
  throw new Error("It did not fail with a ModelError.", { cause: error });
}

const outcomes = (attempts: readonly Attempt[] | undefined): [string, string, string?][] | undefined =>
  attempts?.map(({ model, outcome, error }) => (error ? [model, outcome, error] : [model, outcome]));

const embedding = (id: string, call: EmbeddingModel["call"]): EmbeddingModel =>
  defineEmbeddingModel({ provider: "script", id, call });

describe("the next model is asked", () => {
  test("when the one before fails, and both attempts are told", async () => {
    const notices: Notice[] = [];
    const result = await fallback([bad("a"), good("b")]).generate({
      messages: [{ role: "user", content: "hello" }],
      notify: (notice) => notices.push(notice),
    });
    expect(textOf(result)).toBe("I am b");
    expect(outcomes(result.attempts)).toEqual([
      ["a", "failed", "server"],
      ["b", "finished"],
    ]);
    expect(notices.filter(({ type }) => type === "failover")).toEqual([
      {
        type: "failover",
        from: { provider: "script", id: "a" },
        to: { provider: "script", id: "b" },
        error: expect.objectContaining({ code: "server" }) as ModelError,
      },
    ]);
  });

  test("never while the first answers", async () => {
    const asked: string[] = [];
    const result = await fallback([good("a", asked), good("b", asked)]).generate("hello");
    expect(textOf(result)).toBe("I am a");
    expect(asked).toEqual(["a"]);
  });

  test("when an answer breaks off in the middle and nobody has seen any of it", async () => {
    const cut = scripted("a", { says: ["I am half "], fails: "network" });
    const result = await fallback([cut, good("b")]).generate("hello");
    expect(textOf(result)).toBe("I am b");
    expect(outcomes(result.attempts)).toEqual([
      ["a", "failed", "network"],
      ["b", "finished"],
    ]);
  });

  test("when something is thrown that is not ours", async () => {
    expect(await (await fallback([bad("a", new TypeError("fetch failed")), good("b")]).stream("hello")).text()).toBe(
      "I am b",
    );
  });

  const moves: ModelErrorCode[] = [
    ...(["rate-limit", "overloaded", "server", "network", "timeout", "truncated", "auth", "permission"] as const),
    ...(["not-found", "context-length", "quota", "parse", "circuit-open", "unsupported", "unknown"] as const),
  ];
  test.each(moves)("by default at %s", async (code) => {
    expect(textOf(await fallback([bad("a", code), good("b")]).generate("hello"))).toBe("I am b");
  });

  const stays: ModelErrorCode[] = ["invalid-request", "content-filter", "budget", "aborted"];
  test.each(stays)("by default not at %s", async (code) => {
    const asked: string[] = [];
    const error = await failureOf(fallback([bad("a", code), good("b", asked)]).generate("hello"));
    expect(error).toMatchObject({ code, message: `a said ${code}.` });
    expect(asked).toEqual([]);
  });

  test("only at the codes that were named", async () => {
    const when = { codes: ["content-filter"] } as const;
    expect(textOf(await fallback([bad("a", "content-filter"), good("b")], { when }).generate("hello"))).toBe("I am b");
    expect((await failureOf(fallback([bad("a", "server"), good("b")], { when }).generate("hello"))).code).toBe(
      "server",
    );
  });
});

describe("a stream", () => {
  test("that fails after its first content is the reader's, with what was said", async () => {
    const asked: string[] = [];
    const cut = scripted("a", { says: ["I am half "], fails: "network" });
    const reply = await fallback([cut, good("b", asked)]).stream("hello");
    const error = await failureOf(reply.text());
    expect(error.code).toBe("network");
    expect(textOf(error.partial!)).toBe("I am half ");
    expect(outcomes(error.attempts)).toEqual([["a", "failed", "network"]]);
    expect(asked).toEqual([]);
  });

  test("that is held to its end comes from one model, whole", async () => {
    const cut = scripted("a", { says: ["I am half "], fails: "network" });
    const reply = await fallback([cut, good("b")], { hold: "end" }).stream("hello");
    const events: ModelEvent[] = [];
    for await (const event of reply) events.push(event);
    const texts = events.flatMap((event) => (event.type === "text-delta" ? [event.text] : []));
    expect(texts).toEqual(["I am ", "b"]);
    expect(outcomes((await reply.result()).attempts)).toEqual([
      ["a", "failed", "network"],
      ["b", "finished"],
    ]);
  });

  test("that is held for some characters can fail within them", async () => {
    const early = scripted("a", { says: ["12345", "6789"], fails: "network" });
    const late = scripted("a", { says: ["12345", "67890"], fails: "network" });
    const options = { hold: 10 };
    expect(await (await fallback([early, good("b")], options).stream("hello")).text()).toBe("I am b");
    const reply = await fallback([late, good("b")], options).stream("hello");
    expect((await failureOf(reply.text())).code).toBe("network");
  });

  test("that is not held is the very reply of the model", async () => {
    const given: ModelReply[] = [];
    const leaf = good("a");
    const model = defineModel({
      provider: "script",
      id: "a",
      models: [leaf],
      call: async (request) => {
        const reply = await leaf.call(request);
        given.push(reply);
        return reply;
      },
    });
    expect(
      await fallback([model, good("b")]).call({ messages: [{ role: "user", content: "hello" }], stream: true }),
    ).toBe(given[0]);
  });
});

const isRefusal = (arrived: ModelResult): boolean => textOf(arrived).startsWith("Sorry");

describe("an answer is judged", () => {
  test("by how it ended, and what it cost is still told", async () => {
    const cut = scripted("a", { says: ["I am"], ends: "length" });
    const model = fallback([cut, good("b")], { when: { finishReasons: ["length"] } });
    for (const result of [await model.generate("hello"), await (await model.stream("hello")).result()]) {
      expect(textOf(result)).toBe("I am b");
      expect(result.attempts?.map(({ model, usage }) => [model, usage])).toEqual([
        ["a", { input: 1, output: 1 }],
        ["b", { input: 1, output: 2 }],
      ]);
    }
  });

  test("by what it says, before the caller has any of it", async () => {
    const sorry = scripted("a", { says: ["Sor", "ry, ", "I ", "cannot."] });
    const reply = await fallback([sorry, good("b")], { when: { result: isRefusal }, hold: 5 }).stream("hello");
    expect(await reply.text()).toBe("I am b");
    expect(outcomes((await reply.result()).attempts)).toEqual([
      ["a", "cancelled"],
      ["b", "finished"],
    ]);
  });

  test("but the last one's is given as it is", async () => {
    const result = await fallback([short("a"), short("b")], { when: { finishReasons: ["length"] } }).generate("hello");
    expect(result).toMatchObject({ model: "b", finishReason: "length" });
  });

  test("by a predicate that fails, which is no fault of the model", async () => {
    const asked: string[] = [];
    const when = {
      result: (): boolean => {
        throw new Error("oops");
      },
    };
    const error = await failureOf(fallback([good("a"), good("b", asked)], { when }).generate("hello"));
    expect(error).toMatchObject({ code: "invalid-request", cause: { message: "oops" } });
    expect(asked).toEqual([]);
  });
});

describe("when all fail", () => {
  test("one error tells each, with every attempt and every cause", async () => {
    const error = await failureOf(
      fallback([bad("a", "auth"), bad("b", "overloaded"), bad("c", "quota")]).generate("hello"),
    );
    expect(error.code).toBe("overloaded");
    expect(error.message).toBe(
      "None of 3 models answered. script a: a said auth. script b: b said overloaded. script c: c said quota.",
    );
    expect((error.cause as AggregateError).errors.map(({ code }: ModelError) => code)).toEqual([
      "auth",
      "overloaded",
      "quota",
    ]);
    expect(outcomes(error.attempts)).toEqual([
      ["a", "failed", "auth"],
      ["b", "failed", "overloaded"],
      ["c", "failed", "quota"],
    ]);
  });

  test("a failure that ends the row is the one to act on", async () => {
    const error = await failureOf(
      fallback([bad("a", "server"), bad("b", "invalid-request"), good("c")]).generate("hello"),
    );
    expect(error.code).toBe("invalid-request");
    expect((error.cause as AggregateError).errors[0]).toMatchObject({ code: "server" });
  });

  test("the failure of one alone is thrown as it is", async () => {
    expect((await failureOf(fallback([bad("a")]).generate("hello"))).message).toBe("a said server.");
  });
});

describe("nothing is asked", () => {
  const message = { messages: [{ role: "user", content: "hello" }] } as const satisfies ModelRequest;

  test("once the call is called off", async () => {
    const asked: string[] = [];
    const controller = new AbortController();
    const leaving = defineModel({
      provider: "script",
      id: "a",
      call: async () => {
        controller.abort();
        throw new ModelError("gone", { code: "network" });
      },
    });
    const told: string[] = [];
    const notify = ({ type }: Notice): unknown => told.push(type);
    const request = { ...message, signal: controller.signal, notify };
    expect((await failureOf(fallback([leaving, good("b", asked)]).generate(request))).code).toBe("network");
    expect(asked).toEqual([]);
    expect(told).toEqual(["attempt", "attempt"]);
    const error = await failureOf(fallback([good("a", asked)]).generate({ ...message, signal: controller.signal }));
    expect(error.code).toBe("aborted");
    expect(asked).toEqual([]);
  });

  test("while a model hangs that is called off", async () => {
    const asked: string[] = [];
    const controller = new AbortController();
    const hung = defineModel({ provider: "script", id: "a", call: () => new Promise(() => {}) });
    const answer = failureOf(fallback([hung, good("b", asked)]).generate({ ...message, signal: controller.signal }));
    controller.abort();
    expect((await answer).code).toBe("aborted");
    expect(asked).toEqual([]);
  });

  test("once the deadline has passed", async () => {
    vi.useFakeTimers();
    try {
      const asked: string[] = [];
      const hung = defineModel({ provider: "script", id: "a", call: () => new Promise(() => {}) });
      const answer = failureOf(
        fallback([hung, good("b", asked)], { share: 1 }).generate({ ...message, deadline: Date.now() + 1000 }),
      );
      await vi.advanceTimersByTimeAsync(1000);
      expect(await answer).toMatchObject({ code: "timeout", phase: "total" });
      expect(asked).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});

test("reads as one model with middleware in front", async () => {
  const seen: string[] = [];
  const look =
    (name: string) =>
    (model: Model): Model["call"] =>
    (request) => {
      seen.push(`${name} ${model.id}`);
      return model.call(request);
    };
  const [a, b] = [bad("a"), good("b")];
  const model = fallback([a, b]).with(look("outer"), look("inner"));
  expect(model).toMatchObject({ provider: "plugboard", id: "fallback(a,b)" });
  expect(model.fingerprint).toContain(a.fingerprint);
  expect(model.fingerprint).toContain(b.fingerprint);
  expect(textOf(await model.generate("hello"))).toBe("I am b");
  expect(seen).toEqual(["outer fallback(a,b)", "inner fallback(a,b)"]);
});

test("serves embeddings too", async () => {
  const down = embedding("a", () => Promise.reject(new ModelError("down", { code: "server" })));
  const up = embedding("b", ({ values }) =>
    Promise.resolve({ model: "b", embeddings: values.map(() => [1]), usage: {}, warnings: [] }),
  );
  const model: EmbeddingModel = fallback([down, up]);
  const retry: AnyMiddleware = (inner) => inner.call;
  expect(model).toMatchObject({ provider: "plugboard", id: "fallback(a,b)", models: [down, up] });
  const { embeddings, attempts } = await model.with(retry).embed(["x", "y"]);
  expect(embeddings).toEqual([[1], [1]]);
  expect(outcomes(attempts)).toEqual([
    ["a", "failed", "server"],
    ["b", "finished"],
  ]);
});

test("serves reranking, and whatever else answers calls", async () => {
  const ranking = [{ index: 0, score: 1 }];
  const down = defineRerankModel({ provider: "script", id: "a", call: () => Promise.reject(new Error("down")) });
  const up = defineRerankModel({
    provider: "script",
    id: "b",
    call: async () => ({ model: "b", ranking, usage: {}, warnings: [] }),
  });
  const { attempts, ...result } = await fallback([down, up]).rerank({ query: "?", documents: ["x"] });
  expect(result).toMatchObject({ model: "b", ranking });
  expect(outcomes(attempts)).toHaveLength(2);

  const bare = { provider: "script", id: "c", fingerprint: "c", models: [], call: async () => 42 };
  expect(await fallback([bare]).call({})).toBe(42);
});

test.each<[string, () => unknown]>([
  ["the list is empty", () => fallback([])],
  ["models[2] is there before", () => fallback([listed, good("b"), listed])],
  ["it is NaN", () => fallback([listed], { hold: Number.NaN })],
  ["it is 0", () => fallback([listed], { hold: 0 })],
  ['"gone" is none of them', () => fallback([listed], { when: { codes: ["gone" as "server"] } })],
  ['"aborted" is none of them', () => fallback([listed], { when: { codes: ["aborted" as "server"] } })],
  ["`share` must be a number above 0", () => fallback([listed], { share: 0 })],
  ["it is 1.5", () => fallback([listed], { share: 1.5 })],
  ["needs the whole answer", () => fallback([listed], { when: { finishReasons: ["length"] }, hold: 10 })],
])("refuses what cannot be meant: %s", (sentence, make) => {
  expect(make).toThrow(sentence);
  expect(make).toThrow(expect.objectContaining({ code: "invalid-request" }));
});

test("whatever the models do: the answer is of the first that gives one, and the attempts are those before it and its own", async () => {
  const passing: ModelErrorCode[] = ["rate-limit", "server", "auth", "quota", "unknown"];
  const stopping: ModelErrorCode[] = ["invalid-request", "budget", "content-filter"];
  const script = fc.record({
    says: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
    fails: fc.option(fc.constantFrom(...passing, ...stopping), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(script, { minLength: 1, maxLength: 6 }), fc.boolean(), async (scripts, stream) => {
      const models = scripts.map(({ says, fails }, place) => scripted(`m${place}`, fails ? { says, fails } : { says }));
      const model = fallback(models, { hold: "end" });
      const asking = stream ? model.stream("hello").then((reply) => reply.result()) : model.generate("hello");
      const ended = await asking.catch((error: unknown) => error);

      const deciding = scripts.findIndex(({ fails }) => !fails || stopping.includes(fails));
      const tried = scripts.slice(0, deciding === -1 ? scripts.length : deciding + 1);
      const { attempts } = ended as ModelResult | ModelError;
      expect(attempts?.map(({ model }) => model)).toEqual(tried.map((_, place) => `m${place}`));
      expect(attempts?.map(({ error }) => error)).toEqual(tried.map(({ fails }) => fails));

      const last = tried.at(-1)!;
      const said = ended instanceof ModelError ? ended.cause !== undefined || ended.code : textOf(ended as ModelResult);
      const wanted = last.fails ? tried.length > 1 || last.fails : last.says.join("");
      expect(said).toEqual(wanted);
    }),
  );
});
