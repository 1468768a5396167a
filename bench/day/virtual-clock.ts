/** A timer as the runtime gives it, as far as anyone asks. */
interface Timer {
  at: number;
  readonly order: number;
  readonly run: () => void;
  readonly every: number | undefined;
  cancelled: boolean;
  ref(): Timer;
  unref(): Timer;
}

/**
 * The time of day as it passes when nobody waits for it: while it is installed, timers go off in their order and the clocks jump from
 * one to the next. Promises that follow from a timer are through before the next one.
 */
export class VirtualClock {
  #now: number;
  #orders = 0;
  /** A heap, the next one first. */
  readonly #timers: Timer[] = [];
  readonly #began: number;

  /** `now` is in milliseconds since the epoch. */
  constructor(now: number) {
    this.#now = this.#began = now;
  }

  get now(): number {
    return this.#now;
  }

  at(time: number, run: () => void): void {
    this.#push(time, run, undefined);
  }

  /** Runs all there is, with the clocks and timers of this process set to it. */
  async run(): Promise<void> {
    const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = globalThis;
    const clocks = [
      Object.getOwnPropertyDescriptor(Date, "now")!,
      Object.getOwnPropertyDescriptor(performance, "now"),
    ] as const;
    const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    Object.assign(globalThis, {
      setTimeout: (run: (...values: unknown[]) => void, delay = 0, ...values: unknown[]) =>
        this.#push(this.#now + delay, () => run(...values), undefined),
      setInterval: (run: () => void, delay = 1) => this.#push(this.#now + delay, run, Math.max(1, delay)),
      clearTimeout: cancel,
      clearInterval: cancel,
    });
    Date.now = () => Math.floor(this.#now);
    performance.now = () => this.#now - this.#began;
    try {
      for (let timer = this.#pop(); timer; timer = this.#pop()) {
        if (timer.cancelled) continue;
        this.#now = Math.max(this.#now, timer.at);
        timer.run();
        if (timer.every !== undefined && !timer.cancelled) {
          timer.at += timer.every;
          this.#put(timer);
        }
        await settled();
      }
    } finally {
      Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
      Object.defineProperty(Date, "now", clocks[0]);
      // It is that of the prototype, unless a test has put another in its place.
      if (clocks[1]) Object.defineProperty(performance, "now", clocks[1]);
      else Reflect.deleteProperty(performance, "now");
    }
  }

  #push(at: number, run: () => void, every: number | undefined): Timer {
    const timer: Timer = {
      at,
      order: this.#orders++,
      run,
      every,
      cancelled: false,
      ref: () => timer,
      unref: () => timer,
    };
    this.#put(timer);
    return timer;
  }

  #put(timer: Timer): void {
    const heap = this.#timers;
    heap.push(timer);
    for (let place = heap.length - 1; place > 0;) {
      const above = (place - 1) >> 1;
      if (isBefore(heap[above]!, heap[place]!)) break;
      [heap[above], heap[place]] = [heap[place]!, heap[above]!];
      place = above;
    }
  }

  #pop(): Timer | undefined {
    const heap = this.#timers;
    const [first] = heap;
    const last = heap.pop();
    if (heap.length === 0 || !last) return first;
    heap[0] = last;
    for (let place = 0; ;) {
      let least = place;
      for (const below of [2 * place + 1, 2 * place + 2]) {
        if (below < heap.length && isBefore(heap[below]!, heap[least]!)) least = below;
      }
      if (least === place) return first;
      [heap[place], heap[least]] = [heap[least]!, heap[place]!];
      place = least;
    }
  }
}

function cancel(timer: Timer | undefined): void {
  if (timer) timer.cancelled = true;
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
