import type { Writing } from "./terminal.ts";

/** Milliseconds between two lines of progress: often enough to see that it goes on, seldom enough to be read in a log. */
const pause = 1000;

/** Tells how far something is, now and then, on a line each; where a person looks, on one line that changes. */
export function progressOn(error: Writing, now: () => number = Date.now): (say: () => string) => void {
  let told = now();
  return (say) => {
    const time = now();
    if (time - told < pause) return;
    told = time;
    error.write(error.colours ? `\r\u001B[2K${say()}` : `${say()}\n`);
  };
}

/** Bytes as people read them. */
export function asSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
