import type { Ledger, NanoDollars, Reservation, ReserveOutcome } from "@plugboard/core";

/** A reservation that is kept alive until it is settled or released; whichever comes first is what counts. */
export interface Hold {
  /** Resolves once it is booked, or has failed and will be tried again. */
  settle(amount: NanoDollars): Promise<void>;
  release(): Promise<void>;
}

export type HoldOutcome = Hold | Extract<ReserveOutcome, { readonly granted: false }>;

/** How often a booking that failed is tried again; each wait is twice the last. After that the lease runs out and it is charged in full. */
const patience = { first: 200, tries: 6 };

/**
 * Reserves, and renews the lease until the attempt is over.
 *
 * @throws whatever the ledger fails with; then nothing is held, or only for one lease
 */
export async function hold(
  ledger: Ledger,
  reservation: Reservation,
  onFault: (error: unknown) => void,
): Promise<HoldOutcome> {
  const outcome = await ledger.reserve(reservation);
  if (!outcome.granted) return outcome;

  const { id, lease } = reservation;
  let over = false;
  const renewal = setInterval(() => {
    ledger.extend(id, { lease }).catch((error: unknown) => {
      if (!over) onFault(error);
    });
  }, lease / 3);
  letExit(renewal);

  function end(book: () => Promise<void>): Promise<void> {
    if (over) return Promise.resolve();
    over = true;
    clearInterval(renewal);
    return insist(book, onFault);
  }
  return {
    settle: (amount) => end(() => ledger.settle(id, amount)),
    release: () => end(() => ledger.release(id)),
  };
}

/** Books, and goes on trying in the background when that fails: the verbs can be repeated. */
async function insist(book: () => Promise<void>, onFault: (error: unknown) => void): Promise<void> {
  try {
    await book();
  } catch (error) {
    onFault(error);
    tryAgain(1);
  }

  function tryAgain(attempt: number): void {
    const timer = setTimeout(
      () => {
        book().catch((error: unknown) => {
          if (attempt < patience.tries) tryAgain(attempt + 1);
          else onFault(error);
        });
      },
      patience.first * 2 ** (attempt - 1),
    );
    letExit(timer);
  }
}

/** A process that is done need not wait for a timer; outside Node, timers are numbers. */
function letExit(timer: NodeJS.Timeout | number): void {
  if (typeof timer === "object") timer.unref();
}
