import type { JsonObject, ModelEvent } from "@plugboard/core";
import type { EventWriter, ServedRequest, Written } from "@plugboard/wire";
import { callArguments, listOf, objectOf, without } from "@plugboard/wire";
import { eventFrame } from "@plugboard/wire/aws";
import { streamedExceptionOf } from "./exceptions.ts";
import { writeStopReason } from "./finish.ts";
import { writeUsage } from "./usage.ts";
import { answerBlock, ownExtras } from "./write-answer.ts";

const nothing = new Uint8Array(0);

/**
 * Writes an answer as the frames of a binary event stream. Calls of tools that are not the client's are held back until it is known that
 * nobody else runs them.
 */
export function converseWriter({ request }: ServedRequest): EventWriter<Written> {
  const own = new Set(request.tools?.filter((tool) => tool.type !== "provider").map(({ name }) => name));
  /** The places of the blocks that have begun, by the index of their part. */
  const begun = new Map<number, number>();
  let blocks = 0;

  function placeOf(part: number): number {
    let place = begun.get(part);
    if (place === undefined) begun.set(part, (place = blocks++));
    return place;
  }

  function delta(part: number, said: JsonObject): Uint8Array<ArrayBuffer> {
    return eventFrame("contentBlockDelta", { contentBlockIndex: placeOf(part), delta: said });
  }

  function start(part: number, said: JsonObject): Uint8Array<ArrayBuffer> {
    return eventFrame("contentBlockStart", { contentBlockIndex: placeOf(part), start: said });
  }

  /** What is still to be said of a part when it is whole, and the end of its block. */
  function writePart({ index, part }: Extract<ModelEvent, { type: "part" }>): Uint8Array<ArrayBuffer> {
    const told = begun.has(index);
    const block = answerBlock(part);
    if (!block) return told ? eventFrame("contentBlockStop", { contentBlockIndex: placeOf(index) }) : nothing;
    const frames: Uint8Array<ArrayBuffer>[] = [];
    const call = objectOf(block["toolUse"]);
    const result = objectOf(block["toolResult"]);
    const cited = objectOf(block["citationsContent"]);
    const reasoning = objectOf(block["reasoningContent"]);
    const image = objectOf(block["image"]);
    if (part.type === "tool-call" && call) {
      if (!told) {
        frames.push(start(index, { toolUse: without(call, "input") }));
        frames.push(delta(index, { toolUse: { input: callArguments(part) } }));
      }
    } else if (result) {
      frames.push(start(index, { toolResult: without(result, "content") }));
      frames.push(delta(index, { toolResult: listOf(result["content"]) }));
    } else if (image) {
      frames.push(start(index, { image: without(image, "source") }));
      frames.push(delta(index, { image: without(image, "format") }));
    } else if (reasoning) {
      const { text, signature } = objectOf(reasoning["reasoningText"]) ?? {};
      if (reasoning["redactedContent"] !== undefined) frames.push(delta(index, { reasoningContent: reasoning }));
      if (text !== undefined && text !== "" && !told) frames.push(delta(index, { reasoningContent: { text } }));
      if (signature !== undefined) frames.push(delta(index, { reasoningContent: { signature } }));
    } else if (part.type === "text") {
      if (!told && part.text !== "") frames.push(delta(index, { text: part.text }));
      for (const citation of listOf(cited?.["citations"])) frames.push(delta(index, { citation }));
    } else return nothing; // an item that has no delta
    frames.push(eventFrame("contentBlockStop", { contentBlockIndex: placeOf(index) }));
    return joined(frames);
  }

  return {
    write(event) {
      switch (event.type) {
        case "start":
          return eventFrame("messageStart", { role: "assistant" });
        case "text-delta":
          return event.text === "" ? nothing : delta(event.index, { text: event.text });
        case "reasoning-delta":
          return event.text === "" ? nothing : delta(event.index, { reasoningContent: { text: event.text } });
        case "tool-call-start":
          if (!own.has(event.name)) return nothing;
          return start(event.index, { toolUse: { toolUseId: event.id, name: event.name } });
        case "tool-call-delta":
          if (!begun.has(event.index) || event.text === "") return nothing;
          return delta(event.index, { toolUse: { input: event.text } });
        case "part":
          return writePart(event);
        case "finish": {
          const { additionalModelResponseFields: fields, ...extras } = ownExtras(event);
          return joined([
            eventFrame("messageStop", {
              stopReason: writeStopReason(event),
              ...(fields !== undefined && { additionalModelResponseFields: fields }),
            }),
            eventFrame("metadata", { usage: writeUsage(event.usage), metrics: { latencyMs: 0 }, ...extras }),
          ]);
        }
        default: // the counts stand at the end; of other types nothing is known
          return nothing;
      }
    },
    fail: (error) => eventFrame(streamedExceptionOf(error.code), { message: error.message }, "exception"),
  };
}

function joined(frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const frame of frames) {
    whole.set(frame, place);
    place += frame.length;
  }
  return whole;
}
