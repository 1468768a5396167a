import { parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

/** What the demo was asked for. */
export type Wanted =
  | { readonly form: "help" }
  | { readonly form: "simulated" }
  | { readonly form: "recorded"; readonly folder: string; readonly all: boolean }
  | { readonly form: "live" };

export const help = `pnpm demo                    three simulated models: no key, no network
pnpm demo --recorded DIR     recorded answers of real models to real questions: every *.jsonl.gz in DIR
pnpm demo --recorded DIR --all   all of them, not a sample
pnpm demo --live             real models: OPENAI_API_KEY, ANTHROPIC_API_KEY, AZURE_OPENAI_API_KEY with
                             AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_DEPLOYMENT, or an Ollama on this machine
pnpm demo --help             this`;

/** @throws {UsageError} naming what is wrong and what there is */
export function readArguments(given: readonly string[]): Wanted {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...given],
      options: {
        recorded: { type: "string" },
        all: { type: "boolean" },
        live: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }));
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${help}`);
  }
  const { recorded, all = false, live = false } = values;
  if (values.help) return { form: "help" };
  if (recorded !== undefined && live) throw new UsageError("It is either --recorded or --live.");
  if (all && recorded === undefined) throw new UsageError("--all goes with --recorded DIR.");
  if (recorded !== undefined) return { form: "recorded", folder: recorded, all };
  return { form: live ? "live" : "simulated" };
}
