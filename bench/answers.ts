// What every subject is given: the bytes of an answer, through a fetch that touches no network.
import type { WireName } from "./subject.ts";
import { wires } from "./wires/wires.ts";

const encoder = new TextEncoder();

/** A fetch that answers with a whole body. */
export function wholeFetch(wire: WireName, tokens: number): typeof fetch {
  const body = wires[wire].whole(tokens);
  return async () => new Response(body, { headers: { "content-type": "application/json" } });
}

/** How a stream comes: in reads of one event each or of so many bytes; `varying` names a member that is another in every chunk. */
export interface Delivery {
  readonly reads: "event" | number;
  readonly varying?: string;
}

/** A fetch that answers with a stream. */
export function streamFetch(wire: WireName, tokens: number, { reads, varying }: Delivery): typeof fetch {
  const said = wires[wire].events(tokens, varying);
  const bytes = (reads === "event" ? said : slices(said.join(""), reads)).map((chunk) => encoder.encode(chunk));
  return async () => {
    let next = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const chunk = bytes[next++];
          if (chunk) controller.enqueue(chunk);
          else controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
}

/** A fetch whose stream says its first words and hangs. */
export function hangingFetch(wire: WireName): typeof fetch {
  const [first = "", ...more] = wires[wire].events(3);
  const bytes = encoder.encode(first + more.slice(0, 3).join(""));
  return async () => {
    let sent = false;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> | undefined => {
      if (sent) return new Promise<void>(() => {});
      sent = true;
      controller.enqueue(bytes);
      return undefined;
    };
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), {
      headers: { "content-type": "text/event-stream" },
    });
  };
}

function slices(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, place) =>
    text.slice(place * size, (place + 1) * size),
  );
}
