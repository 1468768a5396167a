import type { ServedAnswer } from "@plugboard/wire/serve";
import type { Ending } from "../telling/log-entry.ts";

/** What goes back to a client, and who is told once it has. */
export interface Answer extends ServedAnswer {
  /** Nothing more is read from this connection. */
  readonly close: boolean;
  /** To be called once, when the last of it has left, or will not leave any more. */
  readonly ended: (ending: Ending) => void;
}
