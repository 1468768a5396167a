import type { JsonObject, ModelRequest } from "@plugboard/core";
import { sse } from "@plugboard/wire";
import type { PreparedExchange, StreamDecoder, WireOptions } from "@plugboard/wire";
import type { Address } from "./vendor-address.ts";

/** What a model of any protocol here is made of. */
export interface ModelParts<Dialect> extends Address {
  readonly dialect: Dialect;
  readonly id: string;
  /** The catalogue's name for it, where `id` is not one; also what the dialect's rules are looked up by. */
  readonly catalogId?: string | undefined;
  readonly options: WireOptions;
  /** Headers that depend on what is sent. */
  readonly headers?: (body: JsonObject) => Readonly<Record<string, string>>;
}

/** A request as a protocol writes it, and how its answer is read, streamed or whole. */
interface Written extends Pick<PreparedExchange, "body" | "warnings" | "whole" | "failures" | "hiddenReasoning"> {
  readonly decoder: (start: Parameters<PreparedExchange["whole"]>[1]) => StreamDecoder;
}

/** Puts a written request on the way to where its model is. */
export function exchangeOf(
  { url, authorize, headers, options }: Pick<ModelParts<unknown>, "url" | "authorize" | "headers" | "options">,
  { stream }: ModelRequest,
  { decoder, body, warnings, whole, failures = [], hiddenReasoning = false }: Written,
): PreparedExchange {
  return {
    url: url(),
    ...(authorize && { authorize }),
    ...(headers && { headers: headers(body) }),
    body,
    warnings,
    whole,
    failures,
    hiddenReasoning,
    options,
    ...(stream && { stream: { framing: sse, decoder } }),
  };
}
