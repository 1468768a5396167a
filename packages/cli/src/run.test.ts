import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulate } from "@plugboard/testing";
import { afterEach, describe, expect, test } from "vitest";
import type { Terminal } from "./terminal.ts";
import { say as sayLine } from "./test-terminal.ts";
import type { Said } from "./test-terminal.ts";

async function* bytesOf(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

async function say(line: string | readonly string[], given?: Partial<Terminal>): Promise<Said> {
  return sayLine(typeof line === "string" ? line.split(" ").filter(Boolean) : line, given);
}

describe("the line", () => {
  test("says which commands there are, on stdout where it was asked", async () => {
    const { code, out, error } = await say("--help");
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toMatch(
      /ask .*\n.*eval .*\n.*parity .*\n.*migrate .*\n.*route .*\n.*models .*\n.*gateway .*\n.*convert .*\n.*log .*\n.*dataset .*\n.*doctor /,
    );
  });

  test("without a command says so on stderr, and is misused", async () => {
    await expect(say("")).resolves.toMatchObject({ code: 2, out: "" });
  });

  test("says what an unknown command is not", async () => {
    const { code, error } = await say("teleport now");
    expect(code).toBe(2);
    expect(error).toContain('no command "teleport"');
    expect(error).toContain("models");
  });

  test("names an option that there is not, with the usage", async () => {
    const { code, error } = await say("models --colour");
    expect(code).toBe(2);
    expect(error).toContain("--colour");
    expect(error).toContain("usage: plugboard models");
  });

  test("helps with one command in two ways", async () => {
    const help = await say("help models");
    expect(help.out).toContain("--max-output-price <value>");
    await expect(say("models --help")).resolves.toEqual(help);
  });

  test("says its version", async () => {
    await expect(say("--version")).resolves.toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
  });
});

describe("models", () => {
  test("finds by words, price, limits, tier and abilities", async () => {
    const { out } = await say(
      "models claude --provider anthropic --max-output-price 5 --min-context 100000 --ability tools --tier production --json",
    );
    const models = JSON.parse(out) as readonly { readonly id: string; readonly prices: { readonly output: number } }[];
    expect(models.map(({ id }) => id)).toContain("claude-haiku-4-5");
    expect(models.every(({ prices }) => prices.output <= 5)).toBe(true);
  });

  test("is a table with the day of the prices beside it, and says how many are not shown", async () => {
    const { code, out, error } = await say("models gpt --limit 3");
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toHaveLength(4);
    expect(out).toMatch(/^model +\$\/M in +\$\/M out +context/);
    expect(error).toMatch(/\d+ more/);
    expect(error).toContain("Prices of 2026-");
  });

  test("lists who serves the same weights, the cheapest first", async () => {
    const { out } = await say("models --offers groq/llama-3.3-70b-versatile --json");
    const providers = (JSON.parse(out) as readonly { readonly provider: string }[]).map(({ provider }) => provider);
    expect(providers).toEqual(expect.arrayContaining(["groq", "together", "azure"]));
  });

  test.each([
    ["models --ability flying", "--ability must be one of"],
    ["models --tier low", "--tier must be"],
    ["models --min-context many", "--min-context must be a number"],
  ])("%s is misused", async (line, words) => {
    const { code, error } = await say(line);
    expect(code).toBe(2);
    expect(error).toContain(words);
  });

  test("fails where nothing is found", async () => {
    await expect(say("models no-such-model-anywhere")).resolves.toMatchObject({ code: 1 });
    await expect(say("models --offers acme/parrot")).resolves.toMatchObject({ code: 1 });
  });
});

describe("ask", () => {
  const before = process.env["OLLAMA_HOST"];
  afterEach(() => {
    if (before === undefined) delete process.env["OLLAMA_HOST"];
    else process.env["OLLAMA_HOST"] = before;
  });

  test("streams the answer to stdout, and what it came to goes to stderr", async () => {
    await using simulator = await simulate({ models: { "llama3.2": { answer: "Because of the air." } } });
    process.env["OLLAMA_HOST"] = simulator.url;
    const { code, out, error } = await say([
      "ask",
      "ollama/llama3.2",
      "Why is",
      "the sky blue?",
      "--system",
      "Be brief.",
    ]);
    expect({ code, out }).toEqual({ code: 0, out: "Because of the air.\n" });
    expect(error).toMatch(/llama3.2: \d+ tokens in, \d+ out/);
    expect(simulator.requests[0]!.request!.messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Why is the sky blue?" },
    ]);
  });

  test("takes what is piped in, and gives the whole result as JSON", async () => {
    await using simulator = await simulate({ models: { "llama3.2": { answer: "Hi." } } });
    process.env["OLLAMA_HOST"] = simulator.url;
    const { out } = await say(["ask", "ollama/llama3.2", "Summarise:", "-", "--json"], {
      input: bytesOf("a long ", "text\n"),
    });
    expect(JSON.parse(out)).toMatchObject({ content: [{ type: "text", text: "Hi." }], finishReason: "stop" });
    expect(simulator.requests[0]!.request!.messages).toEqual([{ role: "user", content: "a long text\n\nSummarise:" }]);
  });

  test("asks a tier or a model of a configuration, the file that a gateway serves", async () => {
    await using simulator = await simulate({ models: { large: { answer: "Large." }, small: { answer: "Small." } } });
    const folder = await mkdtemp(join(tmpdir(), "ask-"));
    try {
      const path = join(folder, "plugboard.yaml");
      await writeFile(
        path,
        `models:
  big: { provider: ollama, model: large, baseURL: "${simulator.url}" }
  little: { provider: ollama, model: small, baseURL: "${simulator.url}" }
tiers: { frontier: { models: big }, edge: { models: little, local: true } }
keys: none
`,
      );
      const said = async (...line: readonly string[]) => {
        const { code, out, error } = await say(["ask", ...line, "--config", path]);
        return code === 0 ? out : error;
      };
      expect(await said("--tier", "edge", "Who are you?")).toBe("Small.\n");
      expect(await said("frontier", "Who are you?")).toBe("Large.\n");
      expect(await said("little", "Who are you?")).toBe("Small.\n");
      expect(await said("--tier", "big", "Who?")).toContain('has no tier "big"; there are: frontier, edge.');
      expect(await said("huge", "Who?")).toContain('no model or tier "huge"; there are: big, little, frontier, edge.');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("an interrupt ends the answer with its own code", async () => {
    await using simulator = await simulate({
      models: { "llama3.2": { answer: "Hi.", fault: { type: "stall", at: "first" } } },
    });
    process.env["OLLAMA_HOST"] = simulator.url;
    const stop = new AbortController();
    const said = say(["ask", "ollama/llama3.2", "hello"], { signal: stop.signal });
    while (simulator.open === 0) await new Promise((resolve) => void setTimeout(resolve, 5));
    stop.abort();
    await expect(said).resolves.toMatchObject({ code: 130 });
  });

  test.each([
    [["ask"], 2, "Say which model"],
    [["ask", "ollama/llama3.2"], 2, "Say what to ask"],
    [["ask", "gpt-4o", "hi"], 1, "provider/id"],
    [["ask", "--tier", "edge", "hi"], 1, "there is none of plugboard.yaml"],
    [["ask", "acme/parrot", "hi"], 1, 'no provider "acme"'],
  ])("%j says what is wrong", async (line, code, words) => {
    const said = await say(line);
    expect(said.code).toBe(code);
    expect(said.error).toContain(words);
  });
});

describe("doctor", () => {
  test("says which keys there are, and never what they are", async () => {
    const { out } = await say("doctor --offline --json", { env: { OPENAI_API_KEY: "sk-secret-0123456789" } });
    expect(JSON.parse(out)).toEqual(
      expect.arrayContaining([
        { what: "key of openai", state: "good", detail: "in OPENAI_API_KEY" },
        expect.objectContaining({ what: "key of anthropic", state: "look" }),
        expect.objectContaining({ what: "node", state: "good" }),
      ]),
    );
    expect(out).not.toContain("secret");
  });
});
