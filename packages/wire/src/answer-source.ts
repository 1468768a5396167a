import type { ModelEvent, ReplySource } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import type { CallWatch, Waiting } from "./call-watch.ts";
import type { ByteFraming, Framing } from "./framing.ts";
import type { StreamDecoder } from "./stream-decoder.ts";
import type { ByteRead, ByteSource } from "./transport.ts";
import { drain } from "./read-body.ts";
import { Utf8Stream } from "./utf8-stream.ts";

type Give = (events: readonly ModelEvent[] | undefined) => void;
type Refuse = (error: unknown) => void;

interface Answer {
  readonly body: ByteSource;
  readonly watch: CallWatch;
  readonly framing: Framing | ByteFraming;
  readonly decoder: StreamDecoder;
  readonly reader: AnswerOwner;
}

/** Who knows whose answer it is. */
interface AnswerOwner {
  /** A body without a single message, whole: an error or an answer in one piece, in spite of its content type. */
  unframed(text: string): readonly ModelEvent[];
  /** Makes what was thrown an error of ours that says whose answer it was. */
  failure(error: unknown, from: "network" | "decoder"): ModelError;
  truncated(): ModelError;
}

/** After the finish: how much of the end of the body is read, and how long it may take, for the connection to be used again. */
const tail = { bytes: 64 * 1024, patience: 500 };
/** Nothing at all, or the beginning of an event stream: no answer in one piece. */
const wasToBeStream = /^\s*($|:|(event|data|id|retry)(:|$))/;
/** How much of a body without messages is kept, to be understood at its end. */
const mostUnframed = 1024 * 1024;

/**
 * The events of a streamed answer, one network read a pull.
 *
 * A read costs its own promise and what tells of it; the callbacks are made once. A read that is pending when the call is
 * ended settles, since transports promise it of `cancel`; so no race is needed to get out of it.
 */
export class AnswerSource implements ReplySource, Waiting {
  readonly #answer: Answer;
  readonly #text = new Utf8Stream();
  /** All the text, until a message has come. */
  #unframed: string | undefined = "";
  #over = false;
  /** Who waits for the read that is under way. */
  #give: Give | undefined;
  #refuse: Refuse | undefined;
  /** What broke the answer after it had said something: told by the next pull. */
  #failure: ModelError | undefined;

  constructor(answer: Answer) {
    this.#answer = answer;
    answer.watch.waiting = this;
  }

  pull(): Promise<readonly ModelEvent[] | undefined> {
    return new Promise((resolve, reject) => this.take(resolve, reject));
  }

  take(give: Give, refuse: Refuse): void {
    const { watch, body, decoder } = this.#answer;
    const failure = watch.failure ?? this.#failure;
    if (failure) return refuse(failure);
    if (this.#over) return give(undefined);
    this.#give = give;
    this.#refuse = refuse;
    if (decoder.busy !== true) watch.beginRead();
    body.read().then(this.#onRead, this.#onBroken);
  }

  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    this.#answer.watch.fail(new ModelError("The answer was let go.", { code: "aborted" }));
  }

  ended(): void {
    this.#answer.body.cancel();
  }

  readonly #onRead = (read: ByteRead): void => {
    const give = this.#give!;
    const refuse = this.#refuse!;
    this.#give = this.#refuse = undefined; // they may hold the promise of this read, and so what it brings
    let events: readonly ModelEvent[] | undefined;
    try {
      events = this.#took(read);
    } catch (error) {
      return refuse(error);
    }
    give(events);
  };

  readonly #onBroken = (error: unknown): void => {
    const refuse = this.#refuse!;
    this.#give = this.#refuse = undefined;
    refuse(this.#broke(error));
  };

  #took({ value: bytes }: ByteRead): readonly ModelEvent[] | undefined {
    const { watch } = this.#answer;
    if (watch.failure) throw watch.failure;
    if (this.#over) return undefined;

    const out: ModelEvent[] = [];
    try {
      if (bytes) this.#push(bytes, out);
      else this.#end(out);
    } catch (error) {
      this.#fail(this.#answer.reader.failure(error, "decoder"));
    }

    const progress = progressOf(out);
    if (progress === "finish") this.#finish(bytes !== undefined);
    else if (this.#failure && out.length === 0) throw this.#failure;
    watch.endRead(progress === "content" || this.#answer.decoder.busy === true);
    return out;
  }

  #broke(error: unknown): ModelError {
    const { watch } = this.#answer;
    if (!watch.failure) this.#fail(this.#answer.reader.failure(error, "network"));
    return watch.failure ?? this.#failure!;
  }

  #push(bytes: Uint8Array, out: ModelEvent[]): void {
    const { framing } = this.#answer;
    if (framing.takes === "bytes") framing.push(bytes, out);
    else this.#pushText(this.#text.push(bytes), framing, out);
  }

  #pushText(text: string, framing: Framing, out: ModelEvent[]): void {
    if (this.#unframed !== undefined && this.#unframed.length < mostUnframed) this.#unframed += text;
    framing.push(text, out);
    if (framing.begun) this.#unframed = undefined;
  }

  #end(out: ModelEvent[]): void {
    const { framing, decoder, reader } = this.#answer;
    if (framing.takes !== "bytes") {
      this.#pushText(this.#text.end(), framing, out);
      this.#endLastMessage(framing, out);
    }
    if (framing.begun) decoder.end(out);
    else if (wasToBeStream.test(this.#unframed ?? "")) throw reader.truncated();
    else out.push(...reader.unframed(this.#unframed ?? ""));
    if (progressOf(out) !== "finish") throw reader.truncated();
  }

  /** A message whose end was not written may be whole all the same. One that makes no sense was cut in the middle. */
  #endLastMessage(framing: Framing, out: ModelEvent[]): void {
    try {
      framing.end(out);
    } catch (error) {
      if (error instanceof ModelError && error.code !== "parse") throw error;
      throw this.#answer.reader.truncated();
    }
  }

  /** The provider has said all: the connection may stay open for as long as it likes. */
  #finish(open: boolean): void {
    this.#over = true;
    this.#answer.watch.close();
    if (open) drain(this.#answer.body, tail.bytes, tail.patience);
  }

  #fail(error: ModelError): void {
    this.#failure = error;
    this.#over = true;
    this.#answer.watch.fail(error);
  }
}

/** Whether events bring an answer forward. Looks from the end: one read mostly carries one event. */
function progressOf(events: readonly ModelEvent[]): "finish" | "content" | undefined {
  let content = false;
  for (let place = events.length - 1; place >= 0; place--) {
    const event = events[place]!;
    switch (event.type) {
      case "finish":
        return "finish";
      case "text-delta":
      case "reasoning-delta":
      case "tool-call-delta":
        content ||= event.text !== "";
        break;
      case "tool-call-start":
      case "part":
        content = true;
        break;
      default: // a start and counts are no progress
    }
  }
  return content ? "content" : undefined;
}
