import { anthropic } from "@plugboard/anthropic";
import { defineModel } from "@plugboard/core";
import type { Model } from "@plugboard/core";
import { google } from "@plugboard/google";
import { azure } from "@plugboard/openai";
import type { ChatOptions } from "@plugboard/openai";
import { openaiResponses } from "@plugboard/openai/responses";
import { carriedHeaders } from "./client-headers.ts";
import { urlOf } from "./client-request.ts";
import type { ClientRequest } from "./client-request.ts";

type Fetch = typeof globalThis.fetch;

/** Makes models of a vendor that speaks chat completions: `openai`, or any of `@plugboard/openai/compatible`. */
export type Vendor = (id: string, options: ChatOptions) => Model;

/** What a client's own model is made of. */
export interface Original {
  /** By the name of its protocol: `chat-completions`. */
  readonly protocol: string;
  /** What the client asks for. */
  readonly name: string;
  readonly request: Pick<ClientRequest, "url" | "headers" | "settings">;
  /** What the client itself would have sent the request with. */
  readonly fetch: Fetch;
  /** Who stands behind chat completions. */
  readonly vendor: Vendor;
}

/** Given to adapters, which want a key; what is sent is the client's own. */
const noKey = "the-key-of-the-client";

/**
 * The model that the client asked, at its own address, with its own headers; `undefined` for a protocol that has no adapter to ask it
 * with. Two requests with the same {@link originalKey} have the same.
 */
export function originalModel({ protocol, name, request, fetch, vendor }: Original): Model | undefined {
  const { url, headers } = request;
  const base = (end: RegExp): string => url.origin + url.pathname.replace(end, "");
  // How long all may take is for the client to say: it calls the request off.
  const options = { apiKey: noKey, fetch: asClient(fetch, request), clocks: { total: Infinity } };

  function adapter(): Model | undefined {
    switch (protocol) {
      case "chat-completions": {
        const azurePlace = /\/openai\/deployments\/[^/]+\/chat\/completions$/;
        if (!azurePlace.test(url.pathname)) return vendor(name, { ...options, baseURL: base(/\/chat\/completions$/) });
        const apiVersion = url.searchParams.get("api-version") ?? "";
        return azure(name, { ...options, endpoint: base(azurePlace), apiVersion });
      }
      case "responses":
        return openaiResponses(name, { ...options, baseURL: base(/\/responses$/) });
      case "messages": {
        const version = headers.get("anthropic-version") === "2026-10-21" ? "2026-10-21" : "2023-06-01";
        return anthropic(name, { ...options, baseURL: base(/\/v1\/messages$/), version });
      }
      case "generate-content": {
        const id = url.pathname.includes("/tunedModels/") ? `tunedModels/${name}` : name;
        return google(id, { ...options, baseURL: base(/\/(?:models|tunedModels)\/[^/]+$/) });
      }
      default:
        return undefined;
    }
  }

  const model = adapter();
  return (
    model &&
    defineModel({
      provider: model.provider,
      id: model.id,
      fingerprint: model.fingerprint,
      models: [model],
      call: (asked) => model.call({ ...asked, headers: { ...asked.headers, ...carriedHeaders(asked) } }),
    })
  );
}

/** Tells apart what {@link originalModel} would make another model of. */
export function originalKey(
  protocol: string,
  name: string,
  { url, headers }: Pick<ClientRequest, "url" | "headers">,
): string {
  const path = url.pathname.replace(/:\w+$/, ""); // Google's method
  return JSON.stringify([
    protocol,
    name,
    url.origin,
    path,
    url.searchParams.get("api-version"),
    headers.get("anthropic-version"),
  ]);
}

/** Sends as the client would have: with its own key alone, and with what its address asks for. */
function asClient(fetch: Fetch, { url: { searchParams }, settings }: Original["request"]): Fetch {
  return (input, init = {}) => {
    const url = urlOf(input);
    for (const [name, value] of searchParams) {
      if (name !== "alt" && !url.searchParams.has(name)) url.searchParams.set(name, value); // how Google streams is for the adapter to say
    }
    const headers = new Headers(init.headers);
    for (const [name, value] of Array.from(headers)) if (value.includes(noKey)) headers.delete(name);
    return fetch(url.href, { ...settings, ...init, headers });
  };
}
