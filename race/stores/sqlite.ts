import { join } from "node:path";
import { sqliteStore } from "@plugboard/store-sqlite";
import type { RaceStore } from "../race-store.ts";

export async function open(directory: string): Promise<RaceStore> {
  const store = sqliteStore({ path: join(directory, "race.db") });
  return { ledger: store.ledger, close: async () => store.close() };
}
