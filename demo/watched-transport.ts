import type { Transport } from "@plugboard/wire";

/** A transport that counts what goes through it, and breaks an answer off when it is told to. */
export interface WatchedTransport {
  readonly transport: Transport;
  readonly requests: () => number;
  /** The next answer's connection is cut after about so many bytes. */
  cutAfter(bytes: number | undefined): void;
}

export function watchedTransport(inner: Transport): WatchedTransport {
  let requests = 0;
  let cut: number | undefined;
  return {
    requests: () => requests,
    cutAfter(bytes) {
      cut = bytes;
    },
    async transport(request) {
      requests++;
      const response = await inner(request);
      let left = cut;
      cut = undefined;
      if (left === undefined) return response;
      const { body } = response;
      return {
        ...response,
        body: {
          cancel: () => body.cancel(),
          async read() {
            if (left! <= 0) {
              body.cancel();
              throw Object.assign(new Error("The demo cut the connection."), { code: "ECONNRESET" });
            }
            const read = await body.read();
            left! -= read.value?.length ?? 0;
            return read;
          },
        },
      };
    },
  };
}
