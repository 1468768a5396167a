import type { Progress } from "./progress.ts";

/** Where the bar is drawn. */
export interface ProgressBarOptions {
  /** @default the process's stderr */
  readonly write?: (text: string) => void;
  /** Whether the line can be drawn over; otherwise a line comes every `interval`. @default whether stderr is a terminal */
  readonly live?: boolean;
  /** Milliseconds between lines where they cannot be drawn over. @default 10000 */
  readonly interval?: number;
}

/**
 * A listener for `onProgress` that draws a line: how much is done, the rate, the cost, the time left, and what went wrong.
 *
 * @example
 * const run = evaluate({ dataset, models, scorers, onProgress: progressBar() });
 */
export function progressBar({
  write = (text) => void process.stderr.write(text),
  live = process.stderr.isTTY,
  interval = 10_000,
}: ProgressBarOptions = {}): (progress: Progress) => void {
  let told = 0;
  return (progress) => {
    const line = progressLine(progress);
    if (live) {
      // Back to the start, and away with what was longer.
      write(`\r${line}\u001B[K${progress.ended ? "\n" : ""}`);
      return;
    }
    if (!progress.ended && progress.elapsed - told < interval) return;
    told = progress.elapsed;
    write(`${line}\n`);
  };
}

const width = 20;

/** "█████░░░ 1,200/3,000 40 % 52/s $0.1200 35 s left 2 failed". */
function progressLine({
  done,
  total,
  kept,
  failed,
  unscored,
  badRows,
  cost,
  rate,
  elapsed,
  remaining,
  ended,
}: Progress): string {
  const parts: string[] = [];
  if (total === undefined) parts.push(whole(done));
  else {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const filled = Math.round(share * width);
    parts.push(
      `${"█".repeat(filled)}${"░".repeat(width - filled)} ${whole(done)}/${whole(total)} ${Math.floor(share * 100)} %`,
    );
  }
  parts.push(`${rate >= 10 ? whole(Math.round(rate)) : rate.toFixed(1)}/s`);
  if (cost > 0) parts.push(`$${(cost / 1e9).toFixed(4)}`);
  if (ended) parts.push(`in ${time(elapsed)}`);
  else if (remaining !== undefined) parts.push(`${time(remaining)} left`);
  for (const [count, what] of [
    [kept, "kept"],
    [failed, "failed"],
    [unscored, "unscored"],
    [badRows, "bad rows"],
  ] as const) {
    if (count > 0) parts.push(`${whole(count)} ${what}`);
  }
  return parts.join("  ");
}

function whole(count: number): string {
  return count.toLocaleString("en-US");
}

function time(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
