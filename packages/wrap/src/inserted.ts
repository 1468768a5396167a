import { injectionOf } from "./injection.ts";
import type { Injection } from "./injection.ts";

type Fetch = typeof globalThis.fetch;

/** Registered, so that another copy of this package knows what ours has put into a client. */
const restoring = Symbol.for("plugboard.wrap.restore");

/** A `fetch` that was put into a client, and how to take it out again. */
type Inserted = Fetch & { readonly [restoring]: () => void };

/** Puts a `fetch` into a client, so that {@link takeOut} finds it. */
export function putIn(injection: Injection, fetch: Fetch): void {
  const inserted = (...call: Parameters<Fetch>): Promise<Response> => fetch(...call);
  Object.defineProperty(inserted, restoring, { value: injection.insert(inserted) });
}

/** Takes out what was put into a client, if anything was. @returns where its own `fetch` is */
export function takeOut(client: object): Injection {
  const injection = injectionOf(client);
  const current = injection.current();
  if (current && isInserted(current)) current[restoring]();
  return injection;
}

function isInserted(fetch: Fetch): fetch is Inserted {
  return restoring in fetch;
}
