import type { Warning } from "@plugboard/core";
import type { SharedV4Warning } from "@ai-sdk/provider";

/** A warning of ours in their words. */
export function writeWarning({ code, path, message }: Warning): SharedV4Warning {
  if (path !== undefined) {
    if (code === "dropped") return { type: "unsupported", feature: path, details: message };
    if (code === "adapted") return { type: "compatibility", feature: path, details: message };
    if (code === "deprecated") return { type: "deprecated", setting: path, message };
  }
  return { type: "other", message };
}

/** A warning of theirs in our words. */
export function readWarning(warning: SharedV4Warning): Warning {
  switch (warning.type) {
    case "unsupported":
      return {
        code: "dropped",
        path: warning.feature,
        message: warning.details ?? `The provider does not support \`${warning.feature}\`.`,
      };
    case "compatibility":
      return {
        code: "adapted",
        path: warning.feature,
        message: warning.details ?? `The provider does \`${warning.feature}\` in another way.`,
      };
    case "deprecated":
      return { code: "deprecated", path: warning.setting, message: warning.message };
    default:
      return { code: "other", message: warning.message };
  }
}
