import type { EventOf, ModelEvent, ModelReply, Usage, Warning } from "@plugboard/core";
import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { ModelError } from "@plugboard/core";
import { writeContent } from "./content.ts";
import { writeError } from "./errors.ts";
import { writeFinish } from "./finish.ts";
import { writeUsage } from "./usage.ts";
import { writeWarning } from "./warnings.ts";

/** What a stream is written for. */
export interface StreamContext {
  /** Names of the tools of the request. */
  readonly declared: ReadonlySet<string>;
  /** What the request lost on its way in. */
  readonly warnings: readonly Warning[];
  readonly signal: AbortSignal | undefined;
}

/** A reply as a stream of theirs: read when it is read, and let go when it is. */
export function writeStream(reply: ModelReply, context: StreamContext): ReadableStream<LanguageModelV4StreamPart> {
  const writer = new StreamWriter(context.declared);
  let usage: Usage = {};
  return new ReadableStream<LanguageModelV4StreamPart>(
    {
      start(controller) {
        const { warnings = [], id, model, created } = reply.start;
        controller.enqueue({ type: "stream-start", warnings: [...context.warnings, ...warnings].map(writeWarning) });
        controller.enqueue({
          type: "response-metadata",
          modelId: model,
          ...(id !== undefined && { id }),
          ...(created !== undefined && { timestamp: new Date(created) }),
        });
      },
      async pull(controller) {
        try {
          // A read may bring nothing to say; this is asked again only once something is said.
          for (let said = 0; said === 0;) {
            const events = await reply.pull();
            if (!events) return controller.close();
            for (const event of events) {
              if (event.type === "usage") usage = event.usage;
              for (const part of writer.write(event)) {
                controller.enqueue(part);
                said++;
              }
            }
          }
        } catch (cause) {
          const error = ModelError.from(cause);
          controller.enqueue({ type: "error", error: writeError(error, context.signal) });
          const unified = error.code === "truncated" ? "interrupted" : "error";
          controller.enqueue({
            type: "finish",
            finishReason: { unified, raw: error.code },
            usage: writeUsage(error.partial?.usage ?? usage),
          });
          controller.close();
        }
      },
      cancel() {
        reply.cancel();
      },
    },
    { highWaterMark: 0 },
  );
}

const none: readonly LanguageModelV4StreamPart[] = [];

/** Turns events of ours into parts of theirs. */
class StreamWriter {
  readonly #declared: ReadonlySet<string>;
  /** Text, thoughts and calls that have begun, by index; of a call its id. */
  readonly #begun = new Map<number, string>();

  constructor(declared: ReadonlySet<string>) {
    this.#declared = declared;
  }

  write(event: ModelEvent): readonly LanguageModelV4StreamPart[] {
    switch (event.type) {
      case "text-delta":
        return this.#delta("text", event);
      case "reasoning-delta":
        return this.#delta("reasoning", event);
      case "tool-call-start":
        this.#begun.set(event.index, event.id);
        return [{ type: "tool-input-start", id: event.id, toolName: event.name }];
      case "tool-call-delta": {
        const id = this.#begun.get(event.index);
        return id === undefined ? none : [{ type: "tool-input-delta", id, delta: event.text }];
      }
      case "part":
        return this.#part(event);
      case "finish":
        return [{ type: "finish", ...writeFinish(event) }];
      default:
        return none;
    }
  }

  #delta(
    type: "text" | "reasoning",
    { index, text }: EventOf<"text-delta" | "reasoning-delta">,
  ): LanguageModelV4StreamPart[] {
    const id = String(index);
    const delta = { type: `${type}-delta`, id, delta: text } as const;
    if (this.#begun.has(index)) return [delta];
    this.#begun.set(index, id);
    return [{ type: `${type}-start`, id }, delta];
  }

  #part({ index, part }: EventOf<"part">): readonly LanguageModelV4StreamPart[] {
    const content = writeContent(part, this.#declared);
    const begun = this.#begun.get(index);
    this.#begun.delete(index);
    if (content.type === "text" || content.type === "reasoning") {
      const { type, text, providerMetadata } = content;
      const id = String(index);
      const citations = content.type === "text" && content.citations && { citations: content.citations };
      const end = {
        type: `${type}-end`,
        id,
        ...citations,
        ...(providerMetadata && { providerMetadata }),
      } as LanguageModelV4StreamPart;
      if (begun !== undefined) return [end];
      return [
        { type: `${type}-start`, id },
        ...(text === "" ? none : [{ type: `${type}-delta`, id, delta: text } as const]),
        end,
      ];
    }
    if (content.type === "tool-call" && begun !== undefined) return [{ type: "tool-input-end", id: begun }, content];
    return [content];
  }
}
