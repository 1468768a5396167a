import type { Protocol, WireAnswer } from "../protocols/protocol.ts";
import { finished, wholeStream } from "../protocols/protocol.ts";
import type { Place } from "../fault.ts";
import { head, send, stream, whole } from "../upstream/step.ts";
import type { Script, Step } from "../upstream/step.ts";

/** What a good answer says. */
export const good = "Hello world";
const answer: WireAnswer = { text: good };

/** A good answer, in whichever way it was asked for. */
export function answered({ protocol, mode }: Pick<Place, "protocol" | "mode">): Script {
  return mode === "stream" ? stream(wholeStream(protocol, answer)) : whole(protocol.whole(answer));
}

/** The head of a stream, and all that comes before content. */
export function begun(protocol: Protocol): readonly Step[] {
  return [head(), send(protocol.preamble)];
}

/** A stream that has said `Hello`. */
export function saidHello(protocol: Protocol): readonly Step[] {
  return [...begun(protocol), send(protocol.text("Hello"))];
}

/** What is left of a good answer after {@link saidHello}. */
export function restAfterHello(protocol: Protocol): string {
  return protocol.text(" world") + finished(protocol, answer);
}

/** A refusal with a status, in the provider's own words. */
export function refused(
  { protocol }: Pick<Place, "protocol">,
  status: number,
  { message = "It did not work.", type = "strange_error", headers = {} }: Refusal = {},
): Script {
  return whole(protocol.failure({ status, message, type }), { status, headers });
}

interface Refusal {
  readonly message?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
