import { ModelError, ModelReply, defineModel } from "@plugboard/core";
import type {
  AssistantPart,
  FinishReason,
  Json,
  ModelErrorCode,
  ModelEvent,
  ModelRequest,
  Usage,
} from "@plugboard/core";
import type { ProviderSample } from "../provider-sample.ts";
import type { CreateProvider } from "./sample-faults.ts";

/** What can be wrong with it, to show that the suite notices. */
export interface ParrotDefects {
  readonly bytesApart?: true;
  readonly lineFeedsOnly?: true;
  readonly keepsMark?: true;
  readonly wantsSpace?: true;
  readonly readsComments?: true;
  readonly endIsStop?: true;
  readonly partsDiffer?: true;
  readonly noUsage?: true;
  readonly everyErrorIsServer?: true;
  readonly foreignErrors?: true;
  readonly asksTwice?: true;
  readonly ignoresSignal?: true;
  readonly sameIds?: true;
}

interface Saying {
  readonly say?: string;
  readonly think?: string;
  readonly fly?: Json;
  readonly end?: FinishReason;
  readonly usage?: Usage;
  readonly error?: string;
}

/** An adapter for a protocol made up for the tests of this suite: events that each say one thing, or a body with a list of them. */
export function parrot(defects: ParrotDefects = {}): CreateProvider {
  return ({ fetch, model }) =>
    defineModel({
      provider: "parrot",
      id: model,
      call: (request) => ModelReply.from(answer(fetch, request, defects), { model }),
    });
}

async function* answer(
  fetch: typeof globalThis.fetch,
  request: ModelRequest,
  defects: ParrotDefects,
): AsyncGenerator<ModelEvent> {
  const { stream = false, messages } = request;
  const signal = defects.ignoresSignal ? null : (request.signal ?? null);
  const send = (): Promise<Response> =>
    fetch("https://parrot.invalid/", { method: "POST", body: JSON.stringify({ stream, messages }), signal }).catch(
      (cause: unknown) => {
        if (defects.foreignErrors) throw cause;
        throw failureOf(cause);
      },
    );
  if (defects.asksTwice) await send();
  const response = await send();
  if (!response.ok) {
    const code = defects.everyErrorIsServer ? "server" : response.status === 429 ? "rate-limit" : "invalid-request";
    const wait = response.headers.get("retry-after");
    throw new ModelError(await response.text(), {
      code,
      status: response.status,
      retryAfter: wait ? Number(wait) * 1000 : undefined,
    });
  }
  const sayings = stream ? eventsIn(response, defects) : listIn(response);
  yield { type: "start", model: "polly" };
  yield* spoken(sayings, defects);
}

async function* spoken(sayings: AsyncGenerator<Saying>, defects: ParrotDefects): AsyncGenerator<ModelEvent> {
  let index = 0;
  let open: { type: "text" | "reasoning"; text: string } | undefined;
  let end: FinishReason | undefined = defects.endIsStop ? "stop" : undefined;
  let usage: Usage = {};

  const close = function* (): Generator<ModelEvent> {
    if (!open) return;
    const part: AssistantPart = defects.partsDiffer ? { ...open, text: open.text.trim() } : open;
    yield { type: "part", index, part };
    index++;
    open = undefined;
  };

  for await (const saying of sayings) {
    if (saying.error) throw new ModelError(saying.error, { code: "overloaded" });
    const type = saying.say === undefined ? "reasoning" : "text";
    const text = saying.say ?? saying.think;
    if (text !== undefined) {
      if (open?.type !== type) yield* close();
      open ??= { type, text: "" };
      open.text += text;
      yield { type: `${type}-delta`, index, text };
    }
    if (saying.fly !== undefined) {
      yield* close();
      const raw = JSON.stringify(saying.fly);
      const id = defects.sameIds ? "fly" : `fly-${index}`;
      yield { type: "tool-call-start", index, id, name: "fly" };
      yield { type: "tool-call-delta", index, text: raw };
      yield { type: "part", index, part: { type: "tool-call", id, name: "fly", input: saying.fly, raw } };
      index++;
    }
    end = saying.end ?? end;
    usage = (!defects.noUsage && saying.usage) || usage;
  }
  yield* close();
  if (end) yield { type: "finish", finishReason: end, usage };
}

async function* listIn(response: Response): AsyncGenerator<Saying> {
  const text = await response.text().catch((cause: unknown) => {
    throw failureOf(cause);
  });
  try {
    yield* JSON.parse(text) as Saying[];
  } catch (cause) {
    throw new ModelError("The answer is not JSON.", { code: "parse", cause });
  }
}

async function* eventsIn(response: Response, defects: ParrotDefects): AsyncGenerator<Saying> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: defects.keepsMark ?? false });
  const breaks = defects.lineFeedsOnly ? /\n/g : /\r\n|\n|\r(?!$)/g;
  let rest = "";
  try {
    for await (const bytes of response.body!) {
      rest += defects.bytesApart
        ? new TextDecoder().decode(bytes)
        : decoder.decode(bytes as Uint8Array, { stream: true });
      const lines = rest.split(breaks);
      rest = lines.pop()!;
      for (const line of lines) yield* sayingIn(line, defects);
    }
  } catch (cause) {
    throw failureOf(cause);
  }
  yield* sayingIn(rest.replace(/\r$/, ""), defects);
}

/** One line is one event here. */
function* sayingIn(line: string, { wantsSpace, readsComments }: ParrotDefects): Generator<Saying> {
  const prefix = wantsSpace ? "data: " : "data:";
  if (readsComments && line.startsWith(":")) throw new ModelError(`What is ${line}?`, { code: "parse" });
  if (!line.startsWith(prefix)) return;
  try {
    yield JSON.parse(line.slice(prefix.length)) as Saying;
  } catch (cause) {
    throw new ModelError("An event is not JSON.", { code: "truncated", cause });
  }
}

function failureOf(cause: unknown): ModelError {
  const inner = cause instanceof Error ? (cause.cause as { readonly code?: string } | undefined) : undefined;
  const code: ModelErrorCode = inner?.code === "UND_ERR_HEADERS_TIMEOUT" ? "timeout" : "network";
  return ModelError.from(cause, { code });
}

/** A sample of its protocol. */
export function parrotSample(sayings: readonly Saying[], sample: Partial<ProviderSample> = {}): ProviderSample {
  const { mode = "stream" } = sample;
  const text =
    mode === "stream"
      ? sayings.map((saying) => `data: ${JSON.stringify(saying)}\n\n`).join("")
      : JSON.stringify(sayings);
  return {
    name: `${mode} of a parrot`,
    mode,
    call: { model: "polly", messages: [{ role: "user", content: "Hello" }] },
    status: 200,
    headers: { "content-type": mode === "stream" ? "text/event-stream" : "application/json" },
    body: new TextEncoder().encode(text),
    framing: mode === "stream" ? "sse" : "json",
    expected: {},
    exercises: [],
    ...sample,
  };
}
