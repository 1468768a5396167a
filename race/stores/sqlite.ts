import { join } from "node:path";
import { sqliteStore } from "@plugboard/store-sqlite";
import type { RaceStore } from "../race-store.ts";

export async function open(directory: string): Promise<RaceStore> {
  const { ledger, close } = sqliteStore({ path: join(directory, "race.db") });
  return { ledger, close: async () => close() };
}
