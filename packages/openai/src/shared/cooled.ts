import type { Writing } from "./writing.ts";
import { warn } from "./writing.ts";

/** The temperature, or the highest that is taken. */
export function cooled(temperature: number, hottest: number, writing: Writing): number {
  if (temperature <= hottest) return temperature;
  const { provider } = writing.dialect;
  warn(writing, "adapted", "temperature", `The temperature is ${hottest}, the highest that ${provider} takes.`);
  return hottest;
}
