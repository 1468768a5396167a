import type { ToolResultPart } from "@plugboard/core";

/** What a tool gave back as one text: JSON is written out, files are left out. */
export function outputText({ output }: ToolResultPart): string {
  if (typeof output === "string") return output;
  return output
    .flatMap((piece) => {
      if (piece.type === "file") return [];
      return [piece.type === "json" ? JSON.stringify(piece.value) : piece.text];
    })
    .join("\n");
}
