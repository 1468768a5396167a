const opening = "<think>";
const closing = "</think>";

/** Takes the thoughts out of content that begins with them in `<think>` tags, wherever the pieces are cut. */
export interface ThinkTags {
  /**
   * Takes a piece.
   *
   * @param say - told what it holds, in order: thoughts, or answer
   */
  take(text: string, say: (text: string, thought: boolean) => void): void;
  /** What was held back in case it was the beginning of a tag. */
  end(say: (text: string, thought: boolean) => void): void;
}

/**
 * What a dialect is given whose models write their thoughts into the answer, in `<think>` tags: they become reasoning. One is made for
 * every answer.
 *
 * @example
 * const acme = compatible({ provider: "acme", baseURL: "https://api.acme.example/v1", thinkTags });
 */
export function thinkTags(): ThinkTags {
  let state: "start" | "thought" | "gap" | "answer" = "start";
  let held = "";

  return {
    take(text, say) {
      if (state === "answer") return say(text, false);
      held += text;
      if (state === "start") {
        const trimmed = held.trimStart();
        if (trimmed.length < opening.length && opening.startsWith(trimmed)) return;
        if (!trimmed.startsWith(opening)) {
          state = "answer";
          say(held, false);
          held = "";
          return;
        }
        state = "thought";
        held = trimmed.slice(opening.length);
      }
      if (state === "thought") {
        const end = held.indexOf(closing);
        if (end < 0) {
          const kept = overlap(held);
          if (kept < held.length) say(held.slice(0, held.length - kept), true);
          held = held.slice(held.length - kept);
          return;
        }
        if (end > 0) say(held.slice(0, end), true);
        held = held.slice(end + closing.length);
        state = "gap";
      }
      // The line breaks between thoughts and answer belong to neither.
      const answer = held.trimStart();
      held = "";
      if (answer === "") return;
      state = "answer";
      say(answer, false);
    },
    end(say) {
      if (held !== "") say(held, state === "thought");
      held = "";
    },
  };
}

/** How much of the end of a text may be the beginning of the closing tag. */
function overlap(text: string): number {
  for (let length = Math.min(closing.length - 1, text.length); length > 0; length--) {
    if (closing.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
