import { Gathering, ModelError } from "@plugboard/core";
import type {
  AssistantPart,
  Citation,
  Finish,
  Json,
  JsonObject,
  ModelEvent,
  ModelResult,
  SourcePart,
  Start,
  Usage,
} from "@plugboard/core";
import { failureInBand, fromBase64, parseJson } from "@plugboard/wire";
import type { FailureContext, StreamDecoder } from "@plugboard/wire";
import type { WireAnnotation, WireChoice, WireChunk, WireDelta } from "./chunk.ts";
import type { ChatDialect } from "./dialect.ts";
import { readFinishReason } from "./finish-reasons.ts";
import { thinkTags } from "./think-tags.ts";
import { gatherToolCalls } from "./tool-call-parts.ts";
import { readUsage } from "./usage.ts";

/** What a decoder must know of the request. */
export interface Decoding {
  readonly dialect: ChatDialect;
  /** The model that was asked, for answers that do not name one. */
  readonly model: string;
  /** The name of a tool as the application knows it. @default the one on the wire */
  readonly toolName?: (wire: string) => string;
  /** The media type of audio that was asked for. @default "audio/wav" */
  readonly audioType?: string;
}

type AnswerStart = Pick<Start, "headers" | "warnings">;

/** Reads a stream of chunks. */
export function chatStreamDecoder(decoding: Decoding, start: AnswerStart): StreamDecoder {
  const answer = readAnswer(decoding, start);
  let over = false;

  return {
    push(data, name, out) {
      if (over) return;
      if (data === "[DONE]") {
        over = true;
        answer.end(out, answer.begun);
        return;
      }
      const chunk = parse(data, decoding);
      const error = name === "error" ? (chunk.error ?? chunk) : errorOf(chunk);
      if (error) throw failureInBand(error as Json, failing(decoding));
      const choice = firstChoice(chunk);
      answer.take(chunk, choice, choice?.delta, out);
    },
    end(out) {
      if (!over && !decoding.dialect.endsWithDone) answer.end(out, false);
      over = true;
    },
  };
}

/**
 * Reads an answer in one body: a chunk that says everything.
 *
 * @throws {ModelError} an error sent with status 200; `parse` when there is no answer in it
 */
export function decodeChat(body: Json, decoding: Decoding, start: AnswerStart): ModelResult {
  if (!isObject(body)) throw notAnAnswer(decoding, "not an object");
  const chunk = body as WireChunk;
  const error = errorOf(chunk);
  if (error) throw failureInBand(error as Json, failing(decoding));
  const choice = firstChoice(chunk);
  if (!choice) throw notAnAnswer(decoding, "without choices");

  const events: ModelEvent[] = [];
  const answer = readAnswer(decoding, start);
  answer.take(chunk, choice, choice.message, events);
  answer.end(events, true);
  const gathering = new Gathering();
  for (const event of events) gathering.add(event);
  return gathering.result;
}

/** Turns what one choice says, whole or in pieces, into events. Several choices: the first alone is read. */
function readAnswer(
  { dialect, model, toolName = (name) => name, audioType = "audio/wav" }: Decoding,
  answerStart: AnswerStart,
) {
  const { provider } = dialect;
  let id = "";
  let answering = "";
  let created = 0;
  let begun = false;

  // Text and reasoning: one part is open at a time, and closed by whatever comes next.
  let open: "text" | "reasoning" | undefined;
  let openIndex = 0;
  let openText = "";
  let citations: Citation[] = [];
  let nextIndex = 0;

  let details: Json[] = [];
  let sources: SourcePart[] = [];
  let audio: { id: string; bytes: Uint8Array[] } | undefined;
  let legacyCall: { name: string; arguments: string } | undefined;
  let refused = false;
  let called = false;
  let rawFinishReason: string | undefined;
  let usage: Usage = {};
  const told: Record<string, Json> = {};
  let logprobs: Json[] | undefined;
  const tags = dialect.thinkTags ? thinkTags() : undefined;
  const calls = gatherToolCalls({
    provider,
    nameOf: toolName,
    idAt: (place) => (id ? `call_${place}_${id.slice(-24)}` : `call_${place}`),
  });

  function begin(out: ModelEvent[]): void {
    begun = true;
    out.push({
      type: "start",
      model: answering || model,
      ...(id && { id }),
      ...(created > 0 && { created: created * 1000 }),
      ...answerStart,
    });
  }

  function say(type: "text" | "reasoning", text: string, out: ModelEvent[]): void {
    if (text === "") return;
    if (open !== type) {
      if (!begun) begin(out);
      closeOpen(out);
      open = type;
      openIndex = nextIndex++;
      openText = "";
    }
    openText += text;
    out.push(
      type === "text"
        ? { type: "text-delta", index: openIndex, text }
        : { type: "reasoning-delta", index: openIndex, text },
    );
  }

  function closeOpen(out: ModelEvent[]): void {
    if (open === "text") {
      out.push({
        type: "part",
        index: openIndex,
        part: { type: "text", text: openText, ...(citations.length > 0 && { citations }) },
      });
      citations = [];
    } else if (open === "reasoning") {
      const owned = details.length > 0 && { providerData: { [provider]: { reasoning_details: joinDetails(details) } } };
      out.push({ type: "part", index: openIndex, part: { type: "reasoning", text: openText, ...owned } });
      details = [];
    }
    open = undefined;
  }

  /** Pushes a part that comes whole. */
  function add(part: AssistantPart, out: ModelEvent[]): void {
    if (!begun) begin(out);
    closeOpen(out);
    out.push({ type: "part", index: nextIndex++, part });
  }

  function take(
    chunk: WireChunk,
    choice: WireChoice | undefined,
    delta: WireDelta | null | undefined,
    out: ModelEvent[],
  ): void {
    if (!begun) identify(chunk);
    if (delta) {
      takeThoughts(delta, out);
      const { content } = delta;
      if (typeof content === "string") {
        if (tags) tags.take(content, (text, thought) => say(thought ? "reasoning" : "text", text, out));
        else if (content !== "") say("text", content, out);
      } else if (Array.isArray(content)) takePieces(content, out);
      takeRest(delta, out);
    }
    if (choice?.logprobs?.content) (logprobs ??= []).push(...(choice.logprobs.content as Json[]));
    if (typeof choice?.finish_reason === "string" && choice.finish_reason !== "") takeFinish(choice.finish_reason, out);

    const counts = chunk.usage ?? chunk.x_groq?.usage;
    if (counts) {
      usage = readUsage(counts);
      if (typeof counts.cost === "number") told["cost"] = counts.cost;
      if (!begun) begin(out);
      out.push({ type: "usage", usage });
    }
    if (typeof chunk.service_tier === "string") told["service_tier"] = chunk.service_tier;
    if (typeof chunk.system_fingerprint === "string" && chunk.system_fingerprint !== "") {
      told["system_fingerprint"] = chunk.system_fingerprint;
    }
    if (chunk.search_results)
      sources = chunk.search_results.flatMap((found) => (found ? sourceOf(found.url, found.title) : []));
    else if (chunk.citations) sources = chunk.citations.flatMap((url) => sourceOf(url, undefined));
  }

  /** Azure's first chunk has empty names; the start waits for the first event, and takes what is known by then. */
  function identify(chunk: WireChunk): void {
    if (typeof chunk.id === "string" && chunk.id !== "") id = chunk.id;
    if (typeof chunk.model === "string" && chunk.model !== "") answering = chunk.model;
    if (typeof chunk.created === "number" && chunk.created > 0) created = chunk.created;
  }

  function takeThoughts(delta: WireDelta, out: ModelEvent[]): void {
    const thoughts = delta.reasoning_content ?? delta.reasoning;
    if (typeof thoughts === "string" && thoughts !== "") say("reasoning", thoughts, out);
    if (!delta.reasoning_details) return;
    for (const detail of delta.reasoning_details as readonly Json[]) {
      if (!isObject(detail)) continue;
      details.push(detail);
      // The text of the details mostly stands beside them too.
      if (typeof thoughts !== "string" && dialect.replay === "reasoning_details") {
        const text = detail["text"] ?? detail["summary"];
        if (typeof text === "string") say("reasoning", text, out);
      }
    }
  }

  /** Mistral: content in pieces, thoughts among them. */
  function takePieces(pieces: readonly unknown[], out: ModelEvent[]): void {
    for (const piece of pieces) {
      if (!isObject(piece)) continue;
      if (piece["type"] === "text" && typeof piece["text"] === "string") say("text", piece["text"], out);
      if (piece["type"] !== "thinking" || !Array.isArray(piece["thinking"])) continue;
      for (const thought of piece["thinking"]) {
        if (isObject(thought) && typeof thought["text"] === "string") say("reasoning", thought["text"], out);
      }
    }
  }

  function takeRest(delta: WireDelta, out: ModelEvent[]): void {
    if (typeof delta.refusal === "string" && delta.refusal !== "") {
      if (!refused) closeOpen(out);
      refused = true;
      say("text", delta.refusal, out);
    }
    if (delta.annotations) for (const annotation of delta.annotations) if (annotation) takeAnnotation(annotation, out);
    if (delta.audio) takeAudio(delta.audio, out);
    if (delta.images) {
      for (const image of delta.images) {
        const url = image?.image_url?.url;
        const file = typeof url === "string" ? fileOf(url) : undefined;
        if (file) add(file, out);
      }
    }
    if (delta.tool_calls) {
      for (const piece of delta.tool_calls) {
        if (!piece) continue;
        if (!begun) begin(out);
        closeOpen(out);
        const { count } = calls;
        calls.take(piece, nextIndex, out);
        if (calls.count > count) nextIndex++;
      }
    }
    if (delta.function_call && (legacyCall || delta.function_call.name)) {
      legacyCall ??= { name: "", arguments: "" };
      if (typeof delta.function_call.name === "string") legacyCall.name += delta.function_call.name;
      if (typeof delta.function_call.arguments === "string") legacyCall.arguments += delta.function_call.arguments;
    }
  }

  function takeAnnotation({ url_citation: citation }: WireAnnotation, out: ModelEvent[]): void {
    const [source] = citation ? sourceOf(citation.url, citation.title) : [];
    if (!source) return;
    if (open !== "text") return add(source, out);
    const { start_index: start, end_index: end } = citation!;
    citations.push({ source, ...(typeof start === "number" && { start }), ...(typeof end === "number" && { end }) });
  }

  function takeAudio(piece: NonNullable<WireDelta["audio"]>, out: ModelEvent[]): void {
    if (!audio && !piece.id && !piece.data) return;
    audio ??= { id: "", bytes: [] };
    if (typeof piece.id === "string" && piece.id !== "") audio.id = piece.id;
    if (typeof piece.transcript === "string") say("text", piece.transcript, out);
    if (typeof piece.data === "string" && piece.data !== "") audio.bytes.push(fromBase64(piece.data));
  }

  function takeFinish(reason: string, out: ModelEvent[]): void {
    if (reason === "error") throw failureInBand({}, { provider, model, rules: dialect.failures });
    rawFinishReason = reason;
    if (!begun) begin(out);
    closeAll(out);
  }

  function closeAll(out: ModelEvent[]): void {
    tags?.end((text, thought) => say(thought ? "reasoning" : "text", text, out));
    closeOpen(out);
    called ||= calls.count > 0;
    calls.close(out);
    if (details.length > 0) {
      add(
        {
          type: "opaque",
          kind: "reasoning_details",
          providerData: { [provider]: { reasoning_details: joinDetails(details) } },
        },
        out,
      );
      details = [];
    }
    if (legacyCall) {
      add(
        { type: "opaque", kind: "function_call", providerData: { [provider]: { function_call: { ...legacyCall } } } },
        out,
      );
      legacyCall = undefined;
    }
    if (audio) {
      const owned = audio.id !== "" && { providerData: { [provider]: { audio: { id: audio.id } } } };
      add({ type: "file", mediaType: audioType, data: join(audio.bytes), ...owned }, out);
      audio = undefined;
    }
  }

  /** @param complete - the server said that the answer is whole, even if not why */
  function end(out: ModelEvent[], complete: boolean): void {
    if (rawFinishReason === undefined && !complete) return;
    if (!begun) begin(out);
    closeAll(out);
    for (const source of sources) add(source, out);
    if (logprobs) told["logprobs"] = logprobs;
    const finish: Finish = {
      finishReason: endingOf(),
      ...(rawFinishReason !== undefined && { rawFinishReason }),
      usage,
      ...(Object.keys(told).length > 0 && { providerData: { [provider]: told } }),
    };
    out.push({ type: "finish", ...finish });
  }

  /** A server may say `stop` although it calls tools, and has no word for a refusal. */
  function endingOf(): Finish["finishReason"] {
    if (rawFinishReason === undefined) return "other";
    const reason = readFinishReason(rawFinishReason, dialect.finishReasons);
    if (reason !== "stop") return reason;
    if (called) return "tool-calls";
    return refused ? "refusal" : "stop";
  }

  return {
    /** Whether there was anything to tell. */
    get begun() {
      return begun;
    },
    take,
    end,
  };
}

function firstChoice({ choices }: WireChunk): WireChoice | undefined {
  if (!Array.isArray(choices)) return undefined;
  for (const choice of choices as readonly (WireChoice | null)[]) if (choice && !choice.index) return choice;
  return undefined;
}

function errorOf(chunk: WireChunk): unknown {
  return chunk.error || (chunk.object === "error" ? chunk : undefined);
}

function failing({ dialect, model }: Decoding): FailureContext {
  return { provider: dialect.provider, model, rules: dialect.failures };
}

function parse(data: string, decoding: Decoding): WireChunk {
  let value: unknown;
  try {
    value = parseJson(data);
  } catch {
    throw notAnAnswer(decoding, "not JSON");
  }
  if (!isObject(value)) throw notAnAnswer(decoding, "not an object");
  return value;
}

function notAnAnswer({ dialect, model }: Decoding, how: string): ModelError {
  const { provider } = dialect;
  return new ModelError(`The answer of ${provider} is no chat completion: it is ${how}.`, {
    code: "parse",
    provider,
    model,
  });
}

function sourceOf(url: unknown, title: unknown): SourcePart[] {
  if (typeof url !== "string" || url === "") return [];
  return [{ type: "source", url, ...(typeof title === "string" && title !== "" && { title }) }];
}

function fileOf(url: string): AssistantPart | undefined {
  const inline = /^data:([^;,]+)(?:;[^;,]+)*;base64,/.exec(url);
  if (inline) return { type: "file", mediaType: inline[1]!, data: fromBase64(url.slice(inline[0].length)) };
  return URL.canParse(url) ? { type: "file", mediaType: "image/*", data: new URL(url) } : undefined;
}

/** Pieces of one detail, by type and index, become one: their texts follow each other, other members are told once. */
function joinDetails(pieces: readonly Json[]): Json[] {
  const joined: Record<string, Json | undefined>[] = [];
  for (const piece of pieces as readonly JsonObject[]) {
    const last = joined.at(-1);
    if (!last || last["type"] !== piece["type"] || last["index"] !== piece["index"]) {
      joined.push({ ...piece });
      continue;
    }
    for (const [name, value] of Object.entries(piece)) {
      const grows = (name === "text" || name === "summary" || name === "data") && typeof value === "string";
      if (grows) last[name] = `${typeof last[name] === "string" ? last[name] : ""}${value}`;
      else if (value !== null && value !== undefined) last[name] = value;
    }
  }
  return joined;
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
