import { ModelError } from "@plugboard/core";
import type { ModelErrorCode } from "@plugboard/core";

/** What a client is told of failures behind the gateway, whose own words may name accounts, addresses and keys. */
const told: Readonly<Record<ModelErrorCode, string>> = {
  "rate-limit": "Too much is asked of this model at the moment.",
  overloaded: "The model is overloaded at the moment.",
  server: "The provider of the model failed.",
  network: "The connection to the provider of the model failed.",
  timeout: "The model took too long.",
  truncated: "The answer of the model broke off.",
  auth: "The gateway is not let in by the provider of the model.",
  permission: "The gateway may not do this at the provider of the model.",
  "not-found": "The provider does not have this model.",
  "invalid-request": "The provider of the model refused the request as invalid.",
  "context-length": "The request is longer than the model takes.",
  "content-filter": "The provider of the model refused the request for its content.",
  quota: "The account of the gateway at the provider is spent.",
  parse: "The provider gave an answer that cannot be read.",
  budget: "The budget does not pay for this request.",
  "circuit-open": "The model failed too often, and is not asked for a while.",
  aborted: "The request was called off.",
  unsupported: "The model cannot do what is asked.",
  unknown: "Something unexpected failed.",
};

/** What is wrong between the gateway and the provider is nothing that the client can mend, nor its key's fault. */
const notTheClients: ReadonlySet<ModelErrorCode> = new Set(["auth", "permission", "not-found", "quota"]);

/** Said by this process of the client's own request, and so fit to be told. */
const ofTheRequest: ReadonlySet<ModelErrorCode> = new Set([
  "invalid-request",
  "not-found",
  "unsupported",
  "overloaded",
  "rate-limit",
]);

/**
 * A failure as a client may hear of it: with the code that tells it what to do, and a sentence of ours.
 *
 * @param show - whether the provider's own sentence is told; keys are taken out of it before
 */
export function ownError(error: ModelError, show: boolean): ModelError {
  const { code, status, provider, retryAfter } = error;
  const isForeign = status !== undefined || provider !== undefined;
  const isRedirect = status !== undefined && status >= 300 && status < 400;
  const mapped = isRedirect || (isForeign && notTheClients.has(code)) ? "unknown" : code;
  if (!isForeign && ofTheRequest.has(code)) return error;
  const message = show ? error.message : told[isRedirect ? "unknown" : code];
  return new ModelError(message, { code: mapped, retryAfter });
}
