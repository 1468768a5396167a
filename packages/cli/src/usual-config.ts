import { existsSync } from "node:fs";

/** Looked for where no configuration is named. */
export const usualFiles: readonly string[] = ["plugboard.yaml", "plugboard.yml", "plugboard.config.ts"];

/** The configuration that is here under one of the usual names. */
export function usualConfig(): string | undefined {
  return usualFiles.find((name) => existsSync(name));
}
