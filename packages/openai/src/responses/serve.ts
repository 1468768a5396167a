import type { Json, JsonObject, ModelResult } from "@plugboard/core";
import type { ServedProtocol, ServedRequest } from "@plugboard/wire";
import { readBy } from "../shared/read-by.ts";
import { writeError } from "../shared/write-error.ts";
import { ending, envelope } from "./envelope.ts";
import type { Head } from "./envelope.ts";
import type { ItemShelf } from "./item-shelf.ts";
import { responsesEventWriter } from "./event-writer.ts";
import { readResponsesRequest } from "./read-request.ts";
import { itemForClient } from "./write-items.ts";

/** Where what an answer does not know of itself comes from. */
export interface ResponsesProtocolOptions {
  /** Milliseconds since the epoch, for answers without a time. @default Date.now */
  readonly now?: () => number;
  /** An id for answers without one. @default a random one */
  readonly newId?: () => string;
  /** Where the items of answers are kept, so that clients may refer to them. @default nowhere: who refers to one is refused */
  readonly items?: ItemShelf;
}

/**
 * The responses protocol as its clients see it: what they send, and what they expect back.
 *
 * Nothing is kept between requests but, where it is given, the items of answers: one that refers to a whole answer before is refused. What has no form there is left out: tools that
 * another provider ran and their results, opaque items of others, signatures.
 *
 * @example
 * const protocol = responsesProtocol();
 * const asked = protocol.readRequest(JSON.parse(body));
 * const answer = protocol.writeResult(await model.generate(asked.request), asked);
 */
export function responsesProtocol({
  now = Date.now,
  newId = randomId,
  items,
}: ResponsesProtocolOptions = {}): ServedProtocol {
  function headOf({ id, created, model }: Pick<ModelResult, "id" | "created" | "model">, asked: ServedRequest): Head {
    const own = id ?? newId();
    // What may be referred to has an id that nobody else's answer has; providers' own may come again.
    const prefix = items ? crypto.randomUUID().replaceAll("-", "") : own;
    return { id: own, prefix, created: Math.floor((created ?? now()) / 1000), model: model || asked.model };
  }

  function shelfOf(asked: ServedRequest & { readonly keep?: boolean }): ItemShelf | undefined {
    return asked.keep === false ? undefined : items;
  }

  return {
    name: "responses",
    streamType: "text/event-stream",
    readBy,
    readRequest: (body) => readResponsesRequest(body, items),
    writeResult(result, asked) {
      const head = headOf(result, asked);
      const refusing = result.finishReason === "refusal";
      const output: Json[] = [];
      for (const part of result.content) {
        const item = itemForClient(part, `${head.prefix}_${output.length}`, refusing);
        if (!item) continue;
        output.push(item);
        shelfOf(asked)?.put(item);
      }
      return { ...envelope(head, echoOf(asked)), ...ending(result), output };
    },
    writer: (asked) => responsesEventWriter(asked, (start) => headOf(start, asked), echoOf(asked), shelfOf(asked)),
    writeError,
  };
}

/** Of a request that was read here. */
function echoOf(asked: ServedRequest & { readonly echo?: JsonObject }): JsonObject {
  return asked.echo ?? {};
}

function randomId(): string {
  return `resp_${crypto.randomUUID().replaceAll("-", "")}`;
}
