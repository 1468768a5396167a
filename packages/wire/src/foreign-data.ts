import type { Owned, ProviderData, Warning } from "@plugboard/core";
import { ownersOf } from "./owners-of.ts";

/** Whose data is sent, and who is told of the rest. */
export interface ForeignDataRules {
  /** By the name it goes by: `Anthropic`. */
  readonly provider: string;
  /** Whether there is something in it that is sent. */
  readonly understands: (data: ProviderData) => boolean;
  /** Is told. */
  readonly warn: (warning: Warning) => void;
}

/**
 * Notes data that is not sent, because it is another provider's: once for each of them in a conversation. Marks to cache are no loss.
 *
 * @example
 * const note = foreignData({ provider: "Acme", understands: (data) => data.acme !== undefined, warn });
 * messages.forEach((message, place) => note(message, `messages[${place}]`));
 */
export function foreignData({ provider, understands, warn }: ForeignDataRules): (owned: Owned, path: string) => void {
  const told = new Set<string>();
  return ({ providerData }, path) => {
    if (!providerData || understands(providerData)) return;
    for (const name of ownersOf(providerData)) {
      if (told.has(name)) continue;
      told.add(name);
      const message = `Data that belongs to the provider ${name} is not sent to ${provider}.`;
      warn({ code: "dropped", path, message });
    }
  };
}
