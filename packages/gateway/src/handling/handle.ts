import { ModelError } from "@plugboard/core";
import type { Json, ModelRequest, TokenCounter } from "@plugboard/core";
import { errorAnswer, serveRoute, warningHeader, warningsAsHeader } from "@plugboard/wire/serve";
import type { RouteMatch, ServedAnswer } from "@plugboard/wire/serve";
import { chatCompletionsProtocol } from "@plugboard/openai/serve";
import type { ItemShelves } from "@plugboard/openai/serve";
import type { KeyDoor } from "../keys/key-door.ts";
import type { VirtualKey } from "../keys/virtual-key.ts";
import type { KeptOptions } from "../models/kept-options.ts";
import type { ServedModels } from "../models/served-models.ts";
import { watchedEmbedding, watchedModel } from "../models/watched-model.ts";
import { CallRecord } from "../telling/call-record.ts";
import { logEntry } from "../telling/log-entry.ts";
import type { Ending, LogEntry } from "../telling/log-entry.ts";
import type { Metrics } from "../telling/metrics.ts";
import { checkFileURLs } from "../urls/check-file-urls.ts";
import type { FileURLs, Resolve } from "../urls/check-file-urls.ts";
import type { Answer } from "./answer.ts";
import { corsHeaders } from "./cors.ts";
import type { CorsOptions } from "./cors.ts";
import { exchangeHeaders } from "./exchange-headers.ts";
import type { Incoming } from "./incoming.ts";
import { keyRoutes } from "./key-routes.ts";
import { modelsAt } from "./list-models.ts";
import { parseBody } from "./parse-body.ts";
import { Refusal } from "./refusal.ts";
import { routeFinder } from "./routes.ts";
import { tagsOf } from "./tags-of.ts";
import { tooLong } from "./too-long.ts";

/** What requests are handled with. */
export interface Desk {
  readonly door: KeyDoor;
  readonly models: ServedModels;
  readonly metrics: Metrics;
  readonly kept: KeptOptions;
  readonly tagHeaders: readonly (readonly [tag: string, header: string])[];
  readonly maxBodyBytes: number;
  /** Milliseconds that a request may take. */
  readonly timeout: number;
  readonly showProviderErrors: boolean;
  /** What clients of the responses protocol may refer to. */
  readonly items: ItemShelves;
  readonly cors: CorsOptions | undefined;
  readonly resolve: Resolve | undefined;
  /** @throws when what it needs is not there */
  readonly ready: () => Promise<void>;
  readonly count: TokenCounter;
  readonly log: ((entry: LogEntry) => void) | undefined;
  readonly logContent: boolean;
}

/** Answers one request, whoever brings it. It never rejects. */
export type Handle = (incoming: Incoming) => Promise<Answer>;

interface Asked {
  readonly incoming: Incoming;
  readonly record: CallRecord;
  /** What the client asked, for a log that is to have it. */
  content: ModelRequest | undefined;
  /** Members of the request that were not passed on. */
  dropped: readonly string[];
}

/** Errors where no protocol is known. */
const plain = chatCompletionsProtocol();

/** Makes what answers requests, from first line to last byte, without knowing what brings and takes them. */
export function handler(desk: Desk): Handle {
  const { metrics, door, models } = desk;
  const find = routeFinder(desk.showProviderErrors);
  const routeOf = keyRoutes(desk.items, desk.showProviderErrors);
  const decoder = new TextDecoder("utf-8", { fatal: true });

  return async (incoming) => {
    const record = new CallRecord(`req_${crypto.randomUUID().replaceAll("-", "")}`, Date.now(), () =>
      performance.now(),
    );
    const asked: Asked = { incoming, record, content: undefined, dropped: [] };
    metrics.open++;
    let leave: (() => void) | undefined;
    let answer: ServedAnswer;
    let close = false;
    let match: RouteMatch | undefined;
    try {
      match = find(incoming.path);
      const simple = await answerSimple(asked, match);
      if (simple) answer = simple;
      else {
        if (!match) throw new Refusal(404, new ModelError("There is nothing at this path.", { code: "not-found" }));
        record.route = match.route.protocol.name;
        checkMethod(incoming, "POST");
        const key = letIn(asked);
        checkHead(incoming, match);
        leave = await door.enter(key);
        answer = await answerRoute(asked, { ...match, route: routeOf(match.route, key) }, key);
      }
    } catch (cause) {
      const refusal = cause instanceof Refusal ? cause : new Refusal(500, ModelError.from(cause, { code: "unknown" }));
      ({ close } = refusal);
      record.error = refusal.error.code;
      answer = refused(refusal, match);
    }

    let isOver = false;
    return {
      status: answer.status,
      headers: exchangeHeaders(answer.headers, record.id, corsHeaders(desk.cors, incoming)),
      body: answer.body,
      close,
      ended(ending) {
        if (isOver) return;
        isOver = true;
        leave?.();
        end(asked, answer.status, ending);
      },
    };
  };

  /** Whoever may ask: the same door for every route. */
  function letIn({ incoming, record }: Asked): VirtualKey {
    const key = door.open(incoming);
    record.key = key.name;
    return key;
  }

  /** What needs no model. */
  async function answerSimple(asked: Asked, match: RouteMatch | undefined): Promise<ServedAnswer | undefined> {
    const { incoming, record } = asked;
    const { path, header } = incoming;
    if (incoming.method === "OPTIONS" && desk.cors) {
      record.route = "preflight";
      return { status: 204, headers: {}, body: "" };
    }
    if (match) return undefined;
    if (path === "/healthz" || path === "/readyz") {
      record.route = path.slice(1);
      checkMethod(incoming, "GET");
      if (path === "/readyz") await checkReady();
      return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "ok\n" };
    }
    if (path === "/metrics") {
      record.route = "metrics";
      checkMethod(incoming, "GET");
      if (!letIn(asked).metrics) {
        throw new Refusal(403, new ModelError("This key may not read the metrics.", { code: "permission" }));
      }
      return {
        status: 200,
        headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
        body: metrics.text(),
      };
    }
    const list = modelsAt(path, header);
    if (!list) return undefined;
    record.route = "models";
    checkMethod(incoming, "GET");
    const found = list(models.namesFor(letIn(asked)));
    if (found !== undefined) {
      return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(found) };
    }
    throw new Refusal(
      404,
      new ModelError("There is no such model here, or this key may not use it.", { code: "not-found" }),
    );
  }

  async function checkReady(): Promise<void> {
    try {
      await desk.ready();
    } catch {
      throw new Refusal(503, new ModelError("It is not ready.", { code: "overloaded" }));
    }
  }

  function checkHead({ header, query }: Incoming, { route }: RouteMatch): void {
    const type = header("content-type") ?? "";
    // Nothing else makes a browser ask before it lets a foreign page send it.
    if (!/^application\/json(?:\s*;|$)/i.test(type)) {
      throw unsupportedMedia("The content type must be application/json.");
    }
    const coding = header("content-encoding") ?? "identity";
    if (coding.toLowerCase() !== "identity") throw unsupportedMedia("The body must not be compressed.");
    if (Number(header("content-length") ?? 0) > desk.maxBodyBytes) throw tooLong(desk.maxBodyBytes);
    if (route.path.source.includes("streamGenerateContent") && !/(?:^|&)alt=sse(?:&|$)/.test(query)) {
      const message = "Streams are sent as server-sent events alone: ask with `?alt=sse`.";
      throw new Refusal(400, new ModelError(message, { code: "invalid-request" }));
    }
  }

  async function answerRoute(asked: Asked, match: RouteMatch, key: VirtualKey): Promise<ServedAnswer> {
    const { incoming, record } = asked;
    const tags = tagsOf(incoming, desk.tagHeaders, key);
    record.tags = tags;
    const body: Json = parseBody(await incoming.body(desk.maxBodyBytes), decoder);
    const answer = await serveRoute({
      ...match,
      body,
      models: {
        chat: (name) => {
          const keyed = models.chat(name, key);
          record.model = keyed.name;
          return watchedModel(keyed.model, {
            record,
            check: (request) => check(asked, request, keyed),
            count: desk.count,
          });
        },
        embedding: (name) => {
          const keyed = models.embedding(name, key);
          record.model = keyed.name;
          return watchedEmbedding(keyed.model, record, (request) => desk.kept.of(request).request);
        },
      },
      options: { signal: incoming.signal, tags, deadline: record.started + desk.timeout },
    });
    return asked.dropped.length > 0 ? saying(answer, asked.dropped) : answer;
  }

  function check(
    asked: Asked,
    request: ModelRequest,
    { fileURLs }: { readonly fileURLs: FileURLs },
  ): ModelRequest | Promise<ModelRequest> {
    const { request: kept, dropped } = desk.kept.of(request);
    asked.dropped = dropped;
    if (desk.logContent) asked.content = kept;
    const checking = checkFileURLs(kept, fileURLs, desk.resolve);
    return checking ? checking.then(() => kept) : kept;
  }

  function end({ incoming, record, content }: Asked, status: number, ending: Ending): void {
    metrics.open--;
    metrics.ended(record, status, ending);
    desk.log?.(logEntry(record, incoming.method, status, ending, content));
  }
}

/** An answer that says what was not passed on. */
function saying(answer: ServedAnswer, dropped: readonly string[]): ServedAnswer {
  const own = warningsAsHeader(dropped.map((path) => ({ code: "dropped", path, message: "" })))!;
  const others = answer.headers[warningHeader];
  return {
    ...answer,
    headers: { ...answer.headers, [warningHeader]: others === undefined ? own : `${own}, ${others}` },
  };
}

function refused({ status, error, headers }: Refusal, match: RouteMatch | undefined): ServedAnswer {
  const answer = errorAnswer(error, match?.route.protocol ?? plain);
  return { ...answer, status, headers: { ...answer.headers, ...headers } };
}

function checkMethod({ method }: Incoming, wanted: "GET" | "POST"): void {
  if (method === wanted) return;
  const error = new ModelError(`Here, only ${wanted} is understood.`, { code: "invalid-request" });
  throw new Refusal(405, error, false, { allow: wanted });
}

function unsupportedMedia(message: string): Refusal {
  return new Refusal(415, new ModelError(message, { code: "invalid-request" }), true);
}
