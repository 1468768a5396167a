import type { ByteRead, ByteSource } from "./transport.ts";
import { Utf8Stream } from "./utf8-stream.ts";

/** A body as text. */
export interface BodyText {
  readonly text: string;
  /** There was more than the bound allowed; the text holds the first of it. */
  readonly cut: boolean;
}

/** Reads a body to its end, or to `limit` bytes; then it is let go. Rejects with what broke it. */
export async function readBody(body: ByteSource, limit: number): Promise<BodyText> {
  const decoder = new Utf8Stream();
  let text = "";
  let left = limit;
  for (;;) {
    const { value: bytes } = await body.read();
    if (!bytes) return { text: text + decoder.end(), cut: false };
    if (bytes.length > left) {
      text += decoder.push(bytes.subarray(0, left));
      body.cancel();
      return { text, cut: true };
    }
    left -= bytes.length;
    text += decoder.push(bytes);
  }
}

/** Reads what an error says. Its status is known already, so one that breaks off or comes too slowly is taken as far as it came. */
export function readErrorBody(body: ByteSource, limit: number, patience: number): Promise<string> {
  const decoder = new Utf8Stream();
  let text = "";
  let left = limit;
  let stopped = false;
  return new Promise((resolve) => {
    const stop = (): void => {
      if (stopped) return; // letting go settles the read that was pending
      stopped = true;
      clearTimeout(timer);
      body.cancel();
      resolve(text);
    };
    const timer = setTimeout(stop, patience);
    const take = ({ value: bytes }: ByteRead): void => {
      if (stopped) return;
      if (bytes) {
        text += decoder.push(bytes.subarray(0, left));
        left -= bytes.length;
      }
      if (bytes && left > 0) body.read().then(take, stop);
      else stop();
    };
    body.read().then(take, stop);
  });
}

/** Lets the end of a body arrive, so that its connection can be used again; one that does not end soon is closed. */
export function drain(body: ByteSource, limit: number, patience: number): void {
  void readErrorBody(body, limit, patience);
}
