import { readFileSync } from "node:fs";
import type { ProviderSample } from "@plugboard/testing";
import { knownCount, knownFaults } from "./known-cases.ts";
import { sharedHas, sharedPath } from "./shared-path.ts";
import { skipCases } from "./skip-cases.ts";

interface FaultsFile {
  readonly client: readonly ClientFault[];
  readonly faults: readonly {
    readonly id: string;
    readonly provider: string;
    /** Which kind of OpenAI-compatible server said it. */
    readonly server?: string;
    readonly stream: boolean;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly expected: FaultExpectation;
  }[];
}

interface FaultExpectation {
  /** The error code; of a list, any. */
  readonly kind: string | readonly string[];
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}

/** A failure on our side of the wire. */
export interface ClientFault {
  readonly id: string;
  /** What happens, in words. */
  readonly raise: string;
  readonly expected: FaultExpectation;
}

/**
 * The recorded and documented error responses of some providers, as samples: each must reject with the right code, say whether it may
 * pass, and the wait that it asks for.
 */
export function recordedFaults(...providers: readonly string[]): readonly ProviderSample[] {
  if (!sharedHas("fixtures", "faults.json")) {
    const count = knownCount(knownFaults, providers);
    skipCases(count, `recorded faults of ${providers.join(", ")}`, `${sharedPath("fixtures")} is not there`);
    return [];
  }
  return readFaults()
    .faults.filter(({ provider }) => providers.includes(provider))
    .map(({ id, server, stream, status, headers, body, expected: { kind, retryable, retryAfterMs } }) => ({
      name: id,
      mode: stream ? "stream" : "generate",
      call: { model: "a-model", messages: [{ role: "user", content: "Hello" }] },
      status,
      headers,
      body: new TextEncoder().encode(body),
      framing: "json",
      expected: {
        finishReason: "error",
        error: {
          kind,
          status,
          ...(retryable !== undefined && { retryable }),
          ...(retryAfterMs !== undefined && { retryAfterMs }),
        },
      },
      exercises: server === undefined ? ["http-error"] : ["http-error", server],
    }));
}

/** Failures on our side of the wire, in words, and what they must become. Empty where the folder is not there. */
export function clientFaults(): readonly ClientFault[] {
  return sharedHas("fixtures", "faults.json") ? readFaults().client : [];
}

function readFaults(): FaultsFile {
  return JSON.parse(readFileSync(sharedPath("fixtures", "faults.json"), "utf8")) as FaultsFile;
}
