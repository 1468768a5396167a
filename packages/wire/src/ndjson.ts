import type { ModelEvent } from "@plugboard/core";
import { cutLoose } from "./cut-loose.ts";
import type { Framing, StreamFraming } from "./framing.ts";
import type { StreamDecoder } from "./stream-decoder.ts";
import { ModelError } from "@plugboard/core";

/** Reads newline-delimited JSON: a message a line, blank lines left out; the last one may lack its line break. */
export const ndjson: StreamFraming<Framing> = {
  mediaType: "application/x-ndjson",
  isJson: true,
  open: (decoder, largest) => new NdjsonFraming(decoder, largest),
};

class NdjsonFraming implements Framing {
  begun = false;
  readonly #decoder: StreamDecoder;
  readonly #largest: number;
  /** The line that has no end yet. */
  #rest = "";

  constructor(decoder: StreamDecoder, largest: number) {
    this.#decoder = decoder;
    this.#largest = largest;
  }

  push(piece: string, out: ModelEvent[]): void {
    let end = piece.indexOf("\n");
    let text = piece;
    if (end >= 0 && this.#rest !== "") {
      end += this.#rest.length;
      text = this.#rest + piece;
      this.#rest = "";
    }
    let start = 0;
    for (; end >= 0; end = text.indexOf("\n", start)) {
      this.#line(text.slice(start, end), out);
      start = end + 1;
    }
    if (start === text.length) return;
    // What is kept until the next read shall not keep this one.
    this.#rest += start === 0 ? text : cutLoose(text.slice(start));
    this.#measure(this.#rest);
  }

  end(out: ModelEvent[]): void {
    const line = this.#rest;
    this.#rest = "";
    this.#line(line, out);
  }

  #line(line: string, out: ModelEvent[]): void {
    if (line === "" || line.trim() === "") return;
    this.#measure(line);
    this.begun = true;
    // A CR before the line break is white space to JSON.
    this.#decoder.push(line, "", out);
  }

  #measure({ length }: string): void {
    if (length <= this.#largest) return;
    throw new ModelError(`A line of the stream is too large: more than ${this.#largest} characters.`, {
      code: "parse",
    });
  }
}
