import type { AssistantPart, Citation, Finish, Json, ModelEvent, SourcePart, Start, Usage } from "@plugboard/core";
import { failureInBand, fromBase64 } from "@plugboard/wire";
import type { WireAnnotation, WireChoice, WireChunk, WireDelta } from "./chunk.ts";
import type { ChatDialect } from "./dialect.ts";
import { isObject } from "./fields.ts";
import { readFinishReason } from "./finish-reasons.ts";
import { joinDetails } from "./reasoning-details.ts";
import { thinkTags } from "./think-tags.ts";
import { gatherToolCalls } from "./tool-call-parts.ts";
import { readUsage } from "./usage.ts";

/** What must be known of the request to read its answer. */
export interface Decoding {
  readonly dialect: ChatDialect;
  /** The model that was asked, for answers that do not name one. */
  readonly model: string;
  /** The name of a tool as the application knows it. @default the one on the wire */
  readonly toolName?: (wire: string) => string;
  /** The media type of audio that was asked for. @default "audio/wav" */
  readonly audioType?: string;
}

export type AnswerStart = Pick<Start, "headers" | "warnings">;

/** Reads one answer, whole or in pieces. */
export interface AnswerReader {
  /** Whether there was anything to tell. */
  readonly begun: boolean;
  /** What a chunk says; `delta` is what its choice says, if it has one. */
  take(chunk: WireChunk, choice: WireChoice | undefined, delta: WireDelta | null | undefined, out: ModelEvent[]): void;
  /**
   * Pushes the finish, if the server said that there is one.
   *
   * @param complete - it said that the answer is whole, even if not why
   */
  end(out: ModelEvent[], complete: boolean): void;
}

/** Turns what one choice says, whole or in pieces, into events. Several choices: the first alone is read. */
export function answerReader(
  { dialect, model, toolName = (name) => name, audioType = "audio/wav" }: Decoding,
  answerStart: AnswerStart,
): AnswerReader {
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
  function takePieces(pieces: readonly Json[], out: ModelEvent[]): void {
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
    get begun() {
      return begun;
    },
    take,
    end,
  };
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

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}
