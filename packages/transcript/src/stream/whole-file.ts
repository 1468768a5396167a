import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A file that is there whole or not at all: it is written beside its place and moved there at the end. */
export interface WholeFile {
  /** Resolves once there is room for more. */
  readonly write: (text: string) => Promise<void>;
  /** Puts it in its place, once all of it is on the disk; or in another place. */
  readonly keep: (place?: string) => Promise<void>;
  /** Leaves nothing behind. */
  readonly discard: () => Promise<void>;
}

/** Begins a file. Its place is left as it is until `keep`. */
export function wholeFile(path: string): WholeFile {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}-${crypto.randomUUID().slice(0, 8)}.partial`);
  const stream = createWriteStream(beside, { flags: "wx" });
  let failure: Error | undefined;
  let goOn: (() => void) | undefined;
  stream.on("error", (error) => {
    failure = error;
  });
  for (const event of ["drain", "close"]) stream.on(event, () => goOn?.());
  const room = async (): Promise<void> =>
    new Promise((resolve) => {
      goOn = resolve;
    });
  const failed = (): void => {
    if (failure) throw failure;
  };
  const close = async (): Promise<void> => {
    if (stream.closed) return;
    stream.end();
    if (!stream.closed) await once(stream, "close");
  };
  return {
    async write(text) {
      failed();
      if (!stream.write(text)) await room();
      failed();
    },
    async keep(place = path) {
      await close();
      failed();
      const handle = await open(beside, "r+");
      await handle.sync();
      await handle.close();
      await rename(beside, place);
    },
    async discard() {
      await close();
      await rm(beside, { force: true });
    },
  };
}
