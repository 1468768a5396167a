import { createServer, request as httpRequest } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { anthropicRoutes } from "@plugboard/anthropic/serve";
import { googleRoutes } from "@plugboard/google/serve";
import { openai } from "@plugboard/openai";
import { openaiRoutes } from "@plugboard/openai/serve";
import { describe, expect, test } from "vitest";
import { gateway } from "./gateway.ts";
import { newKey } from "./keys/new-key.ts";
import { providerKey, testGateway, until } from "./test-gateway.ts";

const path = "/v1/chat/completions";
const hello = { model: "fast", messages: [{ role: "user", content: "Hello" }] };
const secretPrompt = "the-launch-code-is-hunter2";

const examplePaths = [
  "/v1/chat/completions",
  "/v1/completions",
  "/v1/responses",
  "/v1/responses/input_tokens",
  "/v1/embeddings",
  "/v1/messages",
  "/v1/messages/count_tokens",
  "/v1beta/models/fast:generateContent",
  "/v1beta/models/fast:streamGenerateContent",
  "/v1beta/models/fast:countTokens",
  "/v1beta/models/fast:embedContent",
  "/v1beta/models/fast:batchEmbedContents",
];

/** A path for every route that there is: one without an example is a test that fails. */
const everyPath = [...openaiRoutes(), ...anthropicRoutes(), ...googleRoutes()].map(({ path }) =>
  examplePaths.find((one) => path.test(one)) ?? String(path),
);

/** Without the tidying that `fetch` does. */
function rawRequest(url: string, target: string, headers: Record<string, string>, method = "GET"): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, path: target, method, headers, agent: false }, (response) => {
      let body = "";
      response.on("data", (bytes) => (body += String(bytes)));
      response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("keys", () => {
  test.each(everyPath)("nobody passes %s without one, and nothing is read before", async (where) => {
    await using door = await testGateway({ answer: "Hi" });
    const missing = await fetch(door.url + where, { method: "POST", body: "no JSON at all" });
    expect(missing.status).toBe(401);
    const wrong = await fetch(door.url + where, {
      method: "POST",
      headers: { authorization: `Bearer ${newKey().key}` },
      body: "no JSON at all",
    });
    expect(wrong.status).toBe(401);
    expect(await wrong.text()).toBe(await missing.text());
    expect(door.simulator.requests).toEqual([]);
  });

  test.each(["/v1/models", "/v1/models/fast", "/v1beta/models", "/metrics"])("nobody passes %s without one", async (where) => {
    await using door = await testGateway({ answer: "Hi" });
    expect((await fetch(door.url + where)).status).toBe(401);
    expect((await fetch(door.url + where, { headers: { "x-api-key": door.key } })).status).toBe(200);
  });

  test("are taken where clients put them, and not from the URL", async () => {
    await using door = await testGateway({ answer: "Hi" });
    for (const name of ["x-api-key", "api-key", "x-goog-api-key"]) {
      const { status } = await door.post(path, hello, { headers: { authorization: "", [name]: door.key } });
      expect(status).toBe(200);
    }
    const inURL = await door.post(`${path}?key=${door.key}`, hello, { headers: { authorization: "" } });
    expect(inURL.status).toBe(401);
    expect(JSON.stringify(door.log)).not.toContain(door.key);
  });

  test("that are wrong a hundred thousand times are slowed down, never logged, and keep out nobody whose key is right", async () => {
    await using door = await testGateway({ answer: "Hi" });
    expect((await door.post(path, hello)).status).toBe(200);
    const guesses = Array.from({ length: 200 }, () => newKey().key);
    const statuses = new Map<number, number>();
    for (const guess of guesses) {
      const { status, headers } = await door.post(path, hello, { headers: { authorization: `Bearer ${guess}` } });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 429) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(statuses.get(401)).toBeLessThan(25);
    expect(statuses.get(429)).toBeGreaterThan(170);
    expect((await door.post(path, hello)).status).toBe(200);
    const logged = JSON.stringify(door.log);
    for (const guess of guesses) expect(logged).not.toContain(guess);
    expect(logged).not.toContain(door.key);
  });

  test("see their models alone, and hear the same of a model that they may not use as of one that is none", async () => {
    await using door = await testGateway(
      { answer: "Hi" },
      {
        makeModels: (url) => ({
          fast: openai("gpt-4o", { baseURL: `${url}/v1`, apiKey: providerKey }),
          dear: openai("gpt-4o", { baseURL: `${url}/v1`, apiKey: providerKey }),
        }),
        virtualKey: { models: ["fast"] },
      },
    );
    const hidden = await door.post(path, { ...hello, model: "dear" });
    const none = await door.post(path, { ...hello, model: "none" });
    expect([hidden.status, none.status]).toEqual([404, 404]);
    expect((await hidden.text()).replace("dear", "none")).toBe(await none.text());
    const listed = await fetch(`${door.baseURL}/models`, { headers: { "x-api-key": door.key } });
    expect(await listed.text()).not.toContain("dear");
  });

  test("keep to their requests a minute, their requests at once, and their budget", async () => {
    await using few = await testGateway({ answer: "Hi" }, { virtualKey: { limits: { requests: 2 } } });
    const statuses = [];
    for (let time = 0; time < 3; time++) statuses.push((await few.post(path, hello)).status);
    expect(statuses).toEqual([200, 200, 429]);

    await using one = await testGateway({ answer: "Hi", pace: { first: 300 } }, { virtualKey: { limits: { concurrent: 1 } } });
    const both = await Promise.all([one.post(path, hello), one.post(path, hello)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 429]);
    expect((await one.post(path, hello)).status).toBe(200);

    await using poor = await testGateway({ answer: "Hi" }, { virtualKey: { budget: { usd: 0.000001 } } });
    const refused = await poor.post(path, hello);
    expect(refused.status).toBe(402);
    expect(poor.simulator.requests).toEqual([]);
  });
});

describe("what clients send", () => {
  test.each([
    "/v1//chat/completions",
    "/v1/./chat/completions",
    "/v1/x/../chat/completions",
    "/v1/%2e%2e/v1/chat/completions",
    "/v1/chat%2Fcompletions",
    "/v1/chat/completions/",
    "/v1/chat/completions%00",
    "/V1/chat/completions",
    "/evil/v1/chat/completions",
    "/v1/proxy/chat/completions",
    "/v1/v1/messages",
    "/v1beta/models/..%2f..%2fsecrets:generateContent/x",
    "/../../etc/passwd",
    "/",
    "//evil.example/v1/chat/completions",
    "http://169.254.169.254/latest/meta-data",
    "/metrics/../v1/models",
  ])("at %s there is nothing", async (target) => {
    await using door = await testGateway({ answer: "Hi" });
    const headers = { authorization: `Bearer ${door.key}`, "content-type": "application/json" };
    expect((await rawRequest(door.url, target, headers, "POST")).status).toBe(404);
    expect(door.simulator.requests).toEqual([]);
  });

  test.each(["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])("%s is no way to ask", async (method) => {
    await using door = await testGateway({ answer: "Hi" });
    const { status, headers } = await rawRequest(door.url, path, { authorization: `Bearer ${door.key}` }, method);
    expect([status, headers["allow"]]).toEqual([405, "POST"]);
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("must be JSON by its type, so that no foreign page sends it unasked", async () => {
    await using door = await testGateway({ answer: "Hi" });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"]) {
      expect((await door.post(path, hello, { headers: { "content-type": type } })).status).toBe(415);
    }
  });

  test.each([
    ["nothing", ""],
    ["half an object", '{"model": "fast", '],
    ["no object", "[]"],
    ["null", "null"],
    ["depth", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["depth in a message", `{"model":"fast","messages":${'[{"a":'.repeat(5000)}1${"}]".repeat(5000)}}`],
    ["bytes that are no UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22]).toString("latin1")],
    ["wrong types", '{"model": 7, "messages": "x"}'],
    ["a number beyond reason", '{"model":"fast","messages":[{"role":"user","content":"x"}],"max_tokens":1e999}'],
  ])("%s is refused with 400, without an echo", async (_, body) => {
    await using door = await testGateway({ answer: "Hi" });
    for (const where of [path, "/v1/responses", "/v1/messages", "/v1/embeddings"]) {
      const response = await fetch(door.url + where, {
        method: "POST",
        headers: { "x-api-key": door.key, "content-type": "application/json" },
        body: Buffer.from(body, "latin1"),
      });
      expect([where, response.status]).toEqual([where, 400]);
      expect((await response.text()).length).toBeLessThan(400);
    }
    expect(door.simulator.requests).toEqual([]);
  });

  test("never reaches a prototype", async () => {
    await using door = await testGateway({ answer: "Hi" });
    const text = JSON.stringify(hello).slice(0, -1);
    for (const name of ["__proto__", "\\u005f_proto__", "constructor"]) {
      await door.post(path, `${text},"${name}":{"polluted":true,"base_url":"http://127.0.0.1:1"}}`);
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test.each(
    [
    "fast\r\nset-cookie: a=b",
    "fast\n",
    "f\u0430st", // a Cyrillic letter
    "fast\u200b",
    "../fast",
    " fast",
    "",
    "fast\u0000",
    "x".repeat(2 ** 20),
    "http://evil.example/v1",
    ].map((model) => [JSON.stringify(model).slice(0, 40), model] as const),
  )("a model name like %s is refused with 400, or is none, and stands in no header", async (_, model) => {
    await using door = await testGateway({ answer: "Hi" });
    for (const where of [path, "/v1/responses", "/v1/messages"]) {
      const response = await door.post(where, { ...hello, model, input: "Hello", max_tokens: 9 });
      expect(response.status).toBe(model.startsWith("http") ? 404 : 400);
      if (model !== "") expect(JSON.stringify([...response.headers])).not.toContain(model.trim().slice(0, 200));
      expect((await response.text()).length).toBeLessThan(1000);
    }
    expect(door.simulator.requests).toEqual([]);
  });

  test("names of hosts, keys, models and prices of the client's own are ignored, wherever they stand", async () => {
    let others = 0;
    const other = createServer((_, response) => {
      others++;
      response.end("{}");
    });
    await new Promise<void>((resolve) => void other.listen(0, "127.0.0.1", resolve));
    const evil = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    await using door = await testGateway({ answer: "Hi" });
    const own = {
      base_url: evil,
      baseURL: evil,
      api_base: evil,
      api_key: "sk-own",
      custom_host: evil,
      extra_headers: { authorization: "x" },
      extra_body: { model: "gpt-5" },
      models: ["gpt-5"],
      route: "fallback",
      provider: { order: ["x"] },
      service_tier: "priority",
      max_output_tokens: 1_000_000,
      n_predict: -1,
      plugins: [],
      transforms: [],
    };
    for (const where of [path, "/v1/responses", "/v1/messages"]) {
      const { max_output_tokens: _, ...fields } = own;
      const response = await door.post(
        where,
        { ...hello, input: "Hello", max_tokens: 9, ...(where === "/v1/responses" ? fields : own) },
        { headers: { "x-portkey-custom-host": evil, "x-forwarded-host": "evil.example", host: "evil.example" } },
      );
      expect(response.status).toBe(200);
      if (where !== "/v1/responses") expect(response.headers.get("x-plugboard-warnings")).toContain("dropped");
    }
    expect(others).toBe(0);
    expect(door.simulator.requests).toHaveLength(3);
    for (const { body, headers } of door.simulator.requests) {
      const sent = JSON.stringify(body);
      for (const name of Object.keys(own)) expect(sent).not.toContain(`"${name}"`);
      expect(JSON.stringify(headers)).not.toContain("evil");
      expect(headers.authorization).toBe(`Bearer ${providerKey}`);
    }
    other.close();
  });

  test("may become tags from the headers that the operator names, and from no other; the key's own go over them", async () => {
    await using door = await testGateway(
      { answer: "Hi" },
      { tags: { tenant: "X-Tenant", user: "x-user" }, virtualKey: { tags: { user: "fixed" } } },
    );
    await door.post(path, hello, { headers: { "x-tenant": "acme", "x-user": "eve", "x-key": "other" } });
    await until(() => door.log.length === 1);
    expect(door.log[0]?.tags).toEqual({ tenant: "acme", user: "fixed", key: "tester" });
    expect((await door.post(path, hello, { headers: { "x-tenant": "x".repeat(200) } })).status).toBe(400);
    expect(() => gateway({ models: {}, keys: "none", tags: { a: "Authorization" } })).toThrow(/secret/);
    expect(() => gateway({ models: {}, keys: "none", tags: { key: "x-key" } })).toThrow(/key/);
  });
});

describe("URLs of files", () => {
  const image = (url: string) => ({
    model: "fast",
    max_tokens: 9,
    messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }],
  });
  const resolve = async (host: string): Promise<readonly string[]> =>
    host === "inside.example" ? ["10.0.0.7"] : host === "both.example" ? ["93.184.216.34", "::1"] : ["93.184.216.34"];

  test.each([
    "http://127.0.0.1/x.png",
    "http://[::ffff:7f00:1]/x.png",
    "http://[::1]/x.png",
    "http://0x7f.1/x.png",
    "http://2130706433/x.png",
    "http://0177.0.0.1/x.png",
    "http://127.0.0.1./x.png",
    "http://localhost/x.png",
    "http://localhost./x.png",
    "http://169.254.169.254/latest/meta-data",
    "http://[fd00:ec2::254]/latest",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://metadata.google.internal/x",
    "https://intranet/x.png",
    "https://user:secret@public.example/x.png",
    "https://inside.example/x.png",
    "https://both.example/x.png",
    "file:///etc/passwd",
    "gs://bucket/object",
    "ftp://public.example/x.png",
  ])("%s is refused, and not repeated", async (url) => {
    await using door = await testGateway({ answer: "Hi" }, { resolve });
    const response = await door.post(path, image(url));
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(new URL(url).pathname.slice(1) || "secret");
    expect(door.simulator.requests).toEqual([]);
  });

  test("to the public internet are passed on as they are, and not fetched", async () => {
    await using door = await testGateway({ answer: "Hi" }, { resolve });
    expect((await door.post(path, image("https://public.example/x.png?a=1"))).status).toBe(200);
    expect(JSON.stringify(door.simulator.requests[0]?.body)).toContain("https://public.example/x.png?a=1");
  });

  test("are looked up each time: a name that turns to a private address is refused from then on", async () => {
    const answers = [["93.184.216.34"], ["127.0.0.1"], ["93.184.216.34", "169.254.169.254"], []];
    let place = 0;
    await using door = await testGateway({ answer: "Hi" }, { resolve: async () => answers[place++] ?? [] });
    const statuses = [];
    for (const _ of answers) statuses.push((await door.post(path, image("https://flips.example/x.png"))).status);
    expect(statuses).toEqual([200, 400, 400, 400]);
    expect(door.simulator.requests).toHaveLength(1);
  });

  test("are refused for a model in one's own network, which could be sent anywhere in it; and let through where the operator says so", async () => {
    const entry = (url: string) => openai("gpt-4o", { baseURL: `${url}/v1`, apiKey: providerKey });
    await using inside = await testGateway(
      { answer: "Hi" },
      { resolve, makeModels: (url) => ({ fast: { model: entry(url), fileURLs: "none" } }) },
    );
    expect((await inside.post(path, image("https://public.example/x.png"))).status).toBe(400);
    await using open = await testGateway(
      { answer: "Hi" },
      { resolve, makeModels: (url) => ({ fast: { model: entry(url), fileURLs: "any" } }) },
    );
    expect((await open.post(path, image("http://127.0.0.1/x.png"))).status).toBe(200);
  });

  test("are found in the words of every protocol, and in options of providers' tools", async () => {
    await using door = await testGateway({ answer: "Hi" }, { resolve });
    const url = "http://127.0.0.1/x.png";
    const bodies: [string, object][] = [
      ["/v1/responses", { model: "fast", input: [{ role: "user", content: [{ type: "input_image", image_url: url }] }] }],
      ["/v1/responses", { model: "fast", input: "Hello", tools: [{ type: "mcp", server_label: "a", server_url: url }] }],
      ["/v1/messages", { ...hello, max_tokens: 9, messages: [{ role: "user", content: [{ type: "image", source: { type: "url", url } }] }] }],
      ["/v1/messages/count_tokens", { ...hello, messages: [{ role: "user", content: [{ type: "document", source: { type: "url", url } }] }] }],
      ["/v1beta/models/fast:generateContent", { contents: [{ parts: [{ fileData: { fileUri: url, mimeType: "image/png" } }] }] }],
    ];
    for (const [where, body] of bodies) expect([where, (await door.post(where, body)).status]).toEqual([where, 400]);
    expect(door.simulator.requests).toEqual([]);
  });
});

describe("what leaves", () => {
  test("prompts, answers and keys are in no log, metric or error", async () => {
    await using door = await testGateway({ answer: `I will not say ${secretPrompt}.` });
    const ask = { ...hello, messages: [{ role: "user", content: secretPrompt }] };
    await door.post(path, ask);
    await (await door.post(path, { ...ask, stream: true })).text();
    await door.post("/v1/responses", { model: "none", input: secretPrompt });
    await door.post("/v1/messages", { model: secretPrompt, max_tokens: 9, messages: ask.messages });
    await door.post(`${path}?${secretPrompt}`, ask);
    await until(() => door.log.length === 5);
    const metrics = await (await fetch(`${door.url}/metrics`, { headers: { "x-api-key": door.key } })).text();
    expect(metrics).toContain('plugboard_requests_total{route="chat-completions",model="fast",status="200",ending="sent"} 3');
    for (const text of [JSON.stringify(door.log), metrics]) {
      for (const secret of [secretPrompt, door.key, providerKey]) expect(text).not.toContain(secret);
    }
  });

  test("prompts are logged where the operator asks for it", async () => {
    await using door = await testGateway({ answer: "Hi" }, { logContent: true });
    await door.post(path, hello);
    await until(() => door.log.length === 1);
    expect(door.log[0]?.request).toMatchObject({ messages: [{ content: "Hello" }] });
  });

  test("the provider's own sentence about a failure stays inside, with its key, its account and its address", async () => {
    const body = { error: { message: `Bad key ${providerKey} of org-12345 at 10.0.0.5`, type: "x", code: "invalid_api_key" } };
    await using door = await testGateway({ answer: "Hi", fault: { type: "status", status: 401, body } });
    for (const [where, stream] of [[path, false], [path, true], ["/v1/messages", false], ["/v1/responses", true]] as const) {
      const response = await door.post(where, { ...hello, input: "Hello", max_tokens: 9, stream });
      // Not 401: it is not the client's key that is wrong.
      expect(response.status).toBe(500);
      expect(await response.text()).not.toMatch(/org-12345|10\.0\.0\.5|sk-provider/);
    }
    await using open = await testGateway({ answer: "Hi", fault: { type: "status", status: 400, body } }, { showProviderErrors: true });
    const shown = await (await open.post(path, hello)).text();
    expect(shown).toContain("org-12345");
    expect(shown).not.toContain(providerKey);
  });

  test("an unreachable provider does not tell where it was looked for", async () => {
    await using door = await testGateway(
      { answer: "Hi" },
      { makeModels: () => ({ fast: openai("gpt-4o", { baseURL: "http://127.0.0.1:1/v1", apiKey: providerKey }) }) },
    );
    const response = await door.post(path, hello);
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain("127.0.0.1");
  });

  test.each([301, 302, 303, 307, 308])("a redirect with %i is not followed: key and prompt go nowhere else", async (status) => {
    const seen: string[] = [];
    const thief = createServer((request, response) => {
      seen.push(inspect(request.headers));
      response.end("{}");
    });
    await new Promise<void>((resolve) => void thief.listen(0, "127.0.0.1", resolve));
    const location = `http://127.0.0.1:${(thief.address() as AddressInfo).port}/v1/chat/completions`;
    await using door = await testGateway({ answer: "Hi", fault: { type: "status", status, headers: { location } } });
    const response = await door.post(path, hello);
    expect(response.status).toBeGreaterThanOrEqual(500);
    expect(response.headers.get("location")).toBeNull();
    expect(seen).toEqual([]);
    thief.close();
  });

  test("nothing that a model or a client says becomes a header", async () => {
    const odd = "x\r\nset-cookie: a=b";
    await using door = await testGateway({ answer: odd });
    const response = await door.post(path, { ...hello, [odd]: 1, user: odd });
    expect(response.headers.get("set-cookie")).toBeNull();
    const names = [...response.headers.keys()].filter((name) => !/^(date|connection|keep-alive|content-length)$/.test(name));
    expect(names.toSorted()).toEqual(["content-type", "x-content-type-options", "x-plugboard-warnings", "x-request-id"]);
    expect(response.headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
  });

  test("an inspected or printed gateway holds no key", async () => {
    const { key, hash } = newKey();
    const door = gateway({ models: { fast: openai("gpt-4o", { apiKey: providerKey }) }, keys: [{ name: "a", hash }] });
    for (const text of [inspect(door, { depth: 10, showHidden: true }), JSON.stringify(door)]) {
      expect(text).not.toContain(key);
      expect(text).not.toContain(providerKey);
    }
  });

  test("pages of browsers are let in only where the operator names them", async () => {
    await using closed = await testGateway({ answer: "Hi" });
    const origin = { headers: { origin: "https://app.example" } };
    expect((await closed.post(path, hello, origin)).headers.get("access-control-allow-origin")).toBeNull();
    await using open = await testGateway({ answer: "Hi" }, { cors: { origins: ["https://app.example"] } });
    const preflight = await fetch(open.url + path, { method: "OPTIONS", headers: { origin: "https://app.example" } });
    expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, "https://app.example"]);
    const other = await open.post(path, hello, { headers: { origin: "https://evil.example" } });
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
  });
});
