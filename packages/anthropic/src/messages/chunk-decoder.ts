import type { StreamDecoder } from "@plugboard/wire";
import type { DecodeContext, Head } from "./decode.ts";
import { ModelError } from "@plugboard/core";
import { exceptionOf, fromBase64, objectOf, parseJson, stringOf } from "@plugboard/wire";
import { exceptionFailure } from "@plugboard/wire/aws";
import { messageDecoder } from "./decode.ts";

const utf8 = new TextDecoder();

/** Reads a stream of Bedrock's InvokeModel: each message carries an event of the protocol, in base64. Made anew for every answer. */
export function chunkDecoder(head: Head, context: DecodeContext): StreamDecoder {
  const { provider, model, rules } = context;
  const events = messageDecoder(head, context);
  return {
    push(data, name, out) {
      const exception = exceptionOf(name);
      if (exception !== undefined) throw exceptionFailure(data, exception, { provider, model, rules });
      if (name !== "chunk") return; // a type that is younger than this adapter
      const bytes = stringOf(objectOf(parseJson(data))?.["bytes"]);
      if (bytes === undefined) {
        throw new ModelError("A chunk of the stream has no `bytes`.", { code: "parse", provider, model });
      }
      events.push(utf8.decode(fromBase64(bytes)), "", out);
    },
    end: (out) => events.end(out),
  };
}
