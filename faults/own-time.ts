/** How often it looks, in milliseconds. */
const step = 10;
/** A turn of the loop that takes longer than this was kept from running. */
const stall = 25;

let own = 0;
let last = performance.now();
let stalled = 0;
let timer: NodeJS.Timeout | undefined;

/**
 * Milliseconds that this process has had to itself. The clock stands while the process is kept from running, so that what is asked of a
 * fault does not depend on what else the machine does.
 */
export function ownTime(): number {
  timer ??= setInterval(look, step).unref();
  look();
  return own;
}

/** Milliseconds for which it was kept from running so far. */
export function stalledTime(): number {
  return stalled;
}

/** Resolves after so many milliseconds of its own time, or when called off. */
export async function ownSleep(delay: number, signal: AbortSignal): Promise<void> {
  const until = ownTime() + delay;
  await new Promise<void>((resolve) => {
    const check = (): void => {
      if (signal.aborted || ownTime() >= until) resolve();
      else setTimeout(check, step);
    };
    signal.addEventListener("abort", () => resolve(), { once: true });
    check();
  });
}

function look(): void {
  const now = performance.now();
  const passed = now - last;
  last = now;
  own += Math.min(passed, stall);
  stalled += Math.max(passed - stall, 0);
}
