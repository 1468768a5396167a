/** Something that is to be booked and could not be. */
interface Booking {
  /** Can be repeated: bookings are known by their id. */
  readonly book: () => Promise<void>;
  /** Told once it is booked, or given up. */
  readonly tell: (step: "booked" | "abandoned") => void;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** The wait after a failure is twice the last. */
const delays = { first: 200, most: 30_000 };
/** How many wait at most, and how many milliseconds each. */
const bounds = { count: 1000, time: 600_000 };

/**
 * What a ledger that is down could not book: tried again in the background, one at a time, until the ledger is back. Bounded in number
 * and time; what is given up is charged in full when its lease runs out.
 */
export class Settlements {
  #waiting: Booking[] = [];
  #delay = delays.first;
  #timer: NodeJS.Timeout | number | undefined;

  /** Tries again later. */
  add(book: Booking["book"], tell: Booking["tell"]): void {
    if (this.#waiting.length >= bounds.count) {
      tell("abandoned");
      return;
    }
    this.#waiting.push({ book, tell, since: Date.now() });
    if (this.#timer === undefined) this.#arm();
  }

  #arm(): void {
    this.#timer = setTimeout(() => void this.#work(), this.#delay);
    // A process that is done need not wait for a timer; outside Node, timers are numbers.
    if (typeof this.#timer === "object") this.#timer.unref();
  }

  async #work(): Promise<void> {
    for (let booking = this.#waiting.shift(); booking; booking = this.#waiting.shift()) {
      try {
        await booking.book();
        this.#delay = delays.first;
        booking.tell("booked");
      } catch {
        this.#delay = Math.min(this.#delay * 2, delays.most);
        // To the end, so that one that the ledger will never take keeps no other from being booked.
        if (Date.now() - booking.since < bounds.time) this.#waiting.push(booking);
        else booking.tell("abandoned");
        break;
      }
    }
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#arm();
  }
}
