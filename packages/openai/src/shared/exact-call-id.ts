import { hashOf } from "./call-ids.ts";

/**
 * What a dialect is given whose vendor takes ids of calls that are exactly so many letters and digits, and no others: any other is
 * replaced by one that is, always the same for the same id.
 *
 * @param length - up to 14
 * @example
 * const acme = compatible({ provider: "acme", baseURL: "https://api.acme.example/v1", callId: exactCallId(9) });
 */
export function exactCallId(length: number): (id: string) => string {
  return (id) => {
    if (id.length === length && /^[a-zA-Z0-9]+$/.test(id)) return id;
    return (digest(id, 0x811c9dc5) + digest(id, 0x01000193)).slice(-length).padStart(length, "0");
  };
}

function digest(id: string, start: number): string {
  return hashOf(id, start).toString(36).padStart(7, "0");
}
