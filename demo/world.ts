import type { Model, ModelRequest, NanoDollars, PriceLookup } from "plugboard";

/** A question of the demo, of whichever source. */
export interface Task {
  readonly id: string;
  readonly kind: string;
  readonly question: string;
}

/** A model that takes part, with its prices put on every attempt. */
export interface Participant {
  readonly name: string;
  /** In a few words, for the screen. */
  readonly about: string;
  readonly model: Model;
}

/** Where a figure comes from. */
export type Origin = "recorded" | "estimated" | "simulated" | "measured" | "counted";

/** Who answers, what is asked, and how it is judged: simulated, recorded or live. The acts are the same in all of them. */
export interface World {
  readonly title: string;
  /** What the audience must know of where the figures come from. */
  readonly notes: readonly string[];
  readonly origins: { readonly right: Origin; readonly cost: Origin; readonly time: Origin };
  /** The strongest and dearest first. */
  readonly participants: readonly Participant[];
  /** Asked when the first fails. */
  readonly standby: Participant;
  readonly tasks: readonly Task[];
  /** Tokens that no answer exceeds. */
  readonly longestAnswer: number;
  /** How many times faster than the models it goes. */
  readonly speedUp: number;
  /** Questions asked at once. */
  readonly width: number;
  /** About how many answers the race for the budget may pay for. */
  readonly race: number;
  readonly price: PriceLookup;
  /** The share of an answer that is right: 0, 1, or between. */
  right(task: Task, participant: Participant, answer: string | undefined): number;
  /** How many of a kind a model must get right, where that is settled beforehand. */
  expectedRight?(participant: Participant, kind: string): number;
  /** What a model says, word for word, where that is known beforehand. */
  readonly said?: (participant: Participant, task: Task) => string;
  /** From now on the first model's answer to this task breaks off in its middle, until what is returned is called. */
  cutPrimary(task: Task): () => void;
  /** Requests that have reached a provider. */
  requests(): number;
  /** What the providers' own meters have counted up to now. */
  metered?(): Promise<NanoDollars>;
  close(): Promise<void>;
}

/** Which of the tasks a request asks, by the text of its first question. */
export function questionIn({ messages }: Pick<ModelRequest, "messages">): string {
  const asked = messages.find(({ role }) => role === "user");
  if (!asked) return "";
  if (typeof asked.content === "string") return asked.content;
  return asked.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
