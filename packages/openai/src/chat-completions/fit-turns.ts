import type { JsonObject } from "@plugboard/core";
import type { ModelRule } from "../shared/model-rule.ts";
import { warn } from "../shared/writing.ts";
import type { Writing } from "./writing.ts";

/** Written messages with what the vendor wants between them and at their end. */
export function fitTurns(
  written: JsonObject[],
  rule: Pick<ModelRule, "userAfterResults">,
  writing: Writing,
): JsonObject[] {
  const { dialect, model } = writing;
  const last = written.at(-1);
  if (dialect.prefill === "prefix" && last?.["role"] === "assistant") {
    written[written.length - 1] = { prefix: true, ...last };
  }
  if (rule.userAfterResults ?? dialect.userAfterResults ?? true) return written;

  return written.flatMap((message, place) => {
    if (message["role"] !== "user" || written[place - 1]?.["role"] !== "tool") return [message];
    const why = `${model} takes no user's message right after the results of tools; a short answer stands between.`;
    warn(writing, "adapted", "messages", why);
    return [{ role: "assistant", content: "Noted." }, message];
  });
}
