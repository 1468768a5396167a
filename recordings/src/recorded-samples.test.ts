import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";

vi.mock("./skip-cases.ts", () => ({ skipCases: vi.fn<() => void>() }));
vi.resetModules(); // another file of this worker may have loaded what is mocked
const { recordedEmbeddings } = await import("./recorded-embeddings.ts");
const { recordedFaults } = await import("./recorded-faults.ts");
const { recordedSamples } = await import("./recorded-samples.ts");
const { sharedPath } = await import("./shared-path.ts");
const { skipCases } = await import("./skip-cases.ts");
beforeEach(() => void vi.mocked(skipCases).mockClear());
// The files after this one in the same worker say what they skip for real.
afterAll(() => {
  vi.doUnmock("./skip-cases.ts");
  vi.resetModules();
});

/** A shared folder of our own, for one test. */
function sharedFolder(files: Readonly<Record<string, unknown>>): void {
  const folder = mkdtempSync(join(tmpdir(), "recordings-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  vi.stubEnv("PLUGBOARD_SHARED", folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
}

function recording(provider: string, name: string, meta: object): Record<string, unknown> {
  const folder = `fixtures/${provider}/${name}`;
  return {
    [`${folder}/meta.json`]: { mode: "generate", body: "body", framing: "none", http: { status: 200 }, ...meta },
    [`${folder}/call.json`]: {
      model: "parrot-1",
      messages: [{ role: "user", content: "Polly?" }],
      tools: [{ name: "fly", description: "Flies", inputSchema: { type: "object" } }, { name: "land" }],
    },
    [`${folder}/expected.json`]: { text: "Hello" },
    [`${folder}/body`]: "Hello",
  };
}

test("takes every chat case of the providers asked for, in our words", () => {
  sharedFolder({
    ...recording("parrot", "stream-b", { mode: "stream", framing: "sse", exercises: ["unicode"] }),
    ...recording("parrot", "generate-a", { http: { status: 418, headers: { "x-a": "b" } } }),
    ...recording("raven", "generate-c", {}),
  });
  const samples = recordedSamples("parrot");
  expect(samples.map(({ name, framing, status }) => [name, framing, status])).toStrictEqual([
    ["parrot/generate-a", "json", 418],
    ["parrot/stream-b", "sse", 200],
  ]);
  expect(samples[1]).toMatchObject({
    mode: "stream",
    exercises: ["unicode"],
    expected: { text: "Hello" },
    call: {
      model: "parrot-1",
      messages: [{ role: "user", content: "Polly?" }],
      tools: [
        { name: "fly", description: "Flies", input: { type: "object" } },
        { name: "land", input: { type: "object", properties: {} } },
      ],
    },
  });
  expect(new TextDecoder().decode(samples[0]!.body)).toBe("Hello");
  expect(skipCases).not.toHaveBeenCalled();
});

test("counts what no sample can hold", () => {
  sharedFolder({
    ...recording("parrot", "embeddings", { mode: "embed" }),
    ...recording("parrot", "frames", { mode: "stream", framing: "unheard-of" }),
    ...recording("parrot", "plain", {}),
  });
  expect(recordedSamples("parrot", "nobody")).toHaveLength(1);
  expect(skipCases).toHaveBeenCalledExactlyOnceWith(1, expect.any(String), expect.any(String));
});

test("takes the embeddings apart from the answers", () => {
  const folder = "fixtures/parrot/embeddings";
  sharedFolder({
    ...recording("parrot", "plain", {}),
    ...recording("parrot", "embeddings", { mode: "embed", exercises: ["embeddings"] }),
    [`${folder}/call.json`]: { model: "embed-1", messages: [], values: ["a", "b"] },
    [`${folder}/expected.json`]: { embeddings: { count: 2, dimensions: 3, first: [1, 2] } },
  });
  expect(recordedEmbeddings("parrot", "nobody")).toMatchObject([
    {
      name: "parrot/embeddings",
      call: { model: "embed-1", values: ["a", "b"] },
      status: 200,
      expected: { embeddings: { count: 2, dimensions: 3, first: [1, 2] } },
      exercises: ["embeddings"],
    },
  ]);
  expect(skipCases).not.toHaveBeenCalled();
});

test("makes samples of faults", () => {
  const fault = { stream: false, status: 429, headers: { "retry-after": "2" }, body: "slow down" };
  const expected = { kind: ["rate-limit", "quota"], retryable: true, retryAfterMs: 2000 };
  sharedFolder({
    "fixtures/faults.json": {
      client: [],
      faults: [
        { ...fault, id: "a", provider: "parrot", expected },
        { ...fault, id: "b", provider: "raven", expected },
      ],
    },
  });
  expect(recordedFaults("parrot")).toMatchObject([
    {
      name: "a",
      mode: "generate",
      status: 429,
      framing: "json",
      expected: {
        finishReason: "error",
        error: { kind: ["rate-limit", "quota"], status: 429, retryable: true, retryAfterMs: 2000 },
      },
    },
  ]);
});

test("says by number what is skipped when the folder is not there", () => {
  vi.stubEnv("PLUGBOARD_SHARED", "nowhere");
  vi.stubEnv("PLUGBOARD_REQUIRE_SHARED", undefined);
  onTestFinished(() => void vi.unstubAllEnvs());

  expect(recordedSamples("ollama", "xai")).toStrictEqual([]);
  expect(skipCases).toHaveBeenLastCalledWith(
    13,
    expect.stringContaining("ollama, xai"),
    expect.stringContaining("nowhere"),
  );
  expect(recordedEmbeddings("openai-chat", "azure")).toStrictEqual([]);
  expect(skipCases).toHaveBeenLastCalledWith(3, expect.any(String), expect.stringContaining("nowhere"));
  expect(recordedFaults("ollama")).toStrictEqual([]);
  expect(skipCases).toHaveBeenLastCalledWith(6, expect.any(String), expect.stringContaining("nowhere"));
});

test("fails when the folder is not there but must be", () => {
  vi.stubEnv("PLUGBOARD_SHARED", "nowhere");
  vi.stubEnv("PLUGBOARD_REQUIRE_SHARED", "1");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => recordedSamples("ollama")).toThrow("PLUGBOARD_REQUIRE_SHARED");
});

test("looks beside the checkout unless told otherwise", () => {
  vi.stubEnv("PLUGBOARD_SHARED", undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(sharedPath("a", "b")).toMatch(/shared[/\\]a[/\\]b$/);
});
