import type { CallOptions, Warning } from "@plugboard/core";

/** Tells whoever listens what was adapted or dropped. What a listener throws is never the call's fault. */
export function tellWarnings({ notify }: CallOptions, warnings: readonly Warning[] = []): void {
  if (!notify) return;
  for (const warning of warnings) {
    try {
      notify({ type: "warning", warning });
    } catch {
      // said above
    }
  }
}
