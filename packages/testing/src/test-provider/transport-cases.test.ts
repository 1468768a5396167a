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
