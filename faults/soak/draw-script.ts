import type { SeededRandom } from "@plugboard/testing";
import { finished } from "../protocols/protocol.ts";
import type { Protocol } from "../protocols/protocol.ts";
import { end, hang, head, pour, reset, send, whole, raw } from "../upstream/step.ts";
import type { Script, Step } from "../upstream/step.ts";
import { soakPieces } from "./soak-answer.ts";

/** What an answer of the soak is drawn from. */
interface Drawing {
  readonly protocol: Protocol;
  /** What the call is known by. */
  readonly call: string;
  readonly random: SeededRandom;
}

/** Out of a hundred: what goes wrong, and how. What is left is a good answer. */
const odds: readonly (readonly [number, (drawing: Drawing) => Script])[] = [
  [4, (drawing) => refused(drawing, 500)],
  [3, (drawing) => refused(drawing, 503)],
  [3, (drawing) => refused(drawing, 429)],
  [1, (drawing) => refused(drawing, 400)],
  [1, () => whole("", { status: 307, headers: { location: "http://127.0.0.1:9/elsewhere" } })],
  [2, () => [reset]],
  [1, () => [raw("HTTP/1.1 what?\r\n\r\n"), hang]],
  [2, () => [hang]],
  [2, ({ protocol }) => [head(), send(protocol.preamble), hang]],
  [1, ({ protocol }) => [head(), send(protocol.preamble), pour(protocol.idling, { every: 30 })]],
  [2, (drawing) => [head(), send(errorEvent(drawing)), end]],
  [1, ({ protocol }) => [head(), send(protocol.preamble), send("data: {oops\n\n"), end]],
  [3, (drawing) => [...beginning(drawing), end]],
  [3, (drawing) => [...beginning(drawing), reset]],
  [2, (drawing) => [...beginning(drawing), hang]],
  [2, (drawing) => [...beginning(drawing), send(errorEvent(drawing)), end]],
  [1, (drawing) => [...beginning(drawing), send("data: {oops\n\n"), end]],
];

/** What becomes of one request: mostly a good answer at the pace of a model, else one of the faults. */
export function drawScript(drawing: Drawing): Script {
  let draw = drawing.random() * 100;
  for (const [share, script] of odds) {
    draw -= share;
    if (draw < 0) return script(drawing);
  }
  return good(drawing);
}

function good(drawing: Drawing): Script {
  const { protocol, call, random } = drawing;
  const pieces = soakPieces(call, 2 + Math.floor(random() * 30));
  const every = Math.floor(random() * 100);
  return [
    head(),
    send(protocol.preamble),
    ...pieces.map((piece) => send(protocol.text(piece), { every })),
    send(finished(protocol, { text: pieces.join("") })),
    end,
  ];
}

/** Some of a good answer. */
function beginning({ protocol, call, random }: Drawing): readonly Step[] {
  const pieces = soakPieces(call, 1 + Math.floor(random() * 10));
  return [head(), send(protocol.preamble), ...pieces.map((piece) => send(protocol.text(piece), { every: 10 }))];
}

function refused({ protocol }: Drawing, status: number): Script {
  const body = protocol.failure({ status, type: "strange_error", message: "It did not work." });
  return whole(body, { status, headers: { "retry-after-ms": "30" } });
}

function errorEvent({ protocol }: Drawing): string {
  return protocol.error({ status: 500, type: "api_error", message: "It broke." });
}
