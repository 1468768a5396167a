import type { Attempt, CallOptions, Notice, ProviderData, Warning } from "@plugboard/core";
import type { ServedProtocol } from "../served-protocol.ts";

/** Watches who answers a request that holds members which only its protocol's own providers read. */
export interface NotTold {
  readonly notify: NonNullable<CallOptions["notify"]>;
  /** What the provider that answers was not told; nothing as long as none was asked, as when a cache knew the answer. */
  readonly warnings: () => readonly Warning[];
}

/**
 * Members of a client's request that we have no word for travel in `providerOptions`, which other providers never look at: they are
 * lost there without anyone's fault, and the client is to know.
 */
export function notTold(
  { readBy = [] }: Pick<ServedProtocol, "readBy">,
  request: CallOptions & { readonly providerOptions?: ProviderData },
): NotTold | undefined {
  const [owner = ""] = readBy;
  const own = Object.keys(request.providerOptions?.[owner] ?? {});
  if (own.length === 0) return undefined;
  let answering: Attempt | undefined;

  return {
    notify(notice: Notice): void {
      if (notice.type === "attempt" && isAnswering(notice.attempt)) answering = notice.attempt;
      request.notify?.(notice);
    },
    warnings() {
      const provider = answering?.provider;
      if (provider === undefined || readBy.includes(provider)) return [];
      return own.map((path) => ({
        code: "dropped",
        path,
        message: `\`${path}\` is a member of ${owner}'s own that is not sent to ${provider}.`,
      }));
    },
  };
}

/** The same object is told of when it starts and when it ends: one that failed answers no more. */
function isAnswering({ outcome }: Attempt): boolean {
  return outcome === "running" || outcome === "finished";
}
