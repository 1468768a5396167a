import { clientFaults } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { parrot, parrotSample } from "./parrot.ts";
import type { ParrotDefects } from "./parrot.ts";
import { transportCases } from "./transport-cases.ts";

const sayings = [{ say: "Hello " }, { say: "again, and again, and again" }, { end: "stop" }] as const;

async function faultsOf(name: string, defects: ParrotDefects): Promise<string> {
  const { mode, faults } = transportCases.find((one) => one.name.startsWith(name))!;
  return (
    await faults(parrot(defects), parrotSample(sayings, { mode, expected: { finishReason: "stop", text: "Hello" } }))
  ).join("\n");
}

test.for([
  ["a refused connection", { foreignErrors: true }, /^error code: expected network, got unknown/],
  ["headers that never come", { foreignErrors: true }, /^error code: expected timeout, got unknown/],
  ["a stream without a byte", { endIsStop: true }, /^error: answered with `stop`, expected truncated or parse/],
  ["a call that its caller aborts", { ignoresSignal: true }, /^cancel: neither/],
] as const)("notices when %s is not handled", async ([name, defects, fault]) => {
  expect(await faultsOf(name, defects)).toMatch(fault);
});

/** Which case is which of the collected faults. */
const collected: Readonly<Record<string, string>> = {
  "client-connection-refused": "a refused connection",
  "client-connection-reset-midstream": "a stream that breaks off",
  "client-dns": "an unknown host",
  "client-headers-timeout": "headers that never come",
  "client-abort-signal": "a call that its caller aborts",
  "client-timeout-signal": "a call whose time is over",
  "client-200-html": "a page of HTML",
  "client-200-empty-body": "an empty body",
  "client-200-truncated-json": "a body that ends early",
};

const faults = clientFaults();
test(
  "takes the collected faults of clients for what they are (skipped where they are not there)",
  { skip: faults.length === 0 },
  () => {
    const known = faults.filter(({ id }) => id in collected);
    const judged = known.map(({ id, expected: { kind } }) => {
      const { codes } = transportCases.find(({ name }) => name.startsWith(collected[id]!))!;
      return [id, codes.some((code) => [kind].flat().includes(code))];
    });
    expect(judged).toStrictEqual(known.map(({ id }) => [id, true]));
  },
);
