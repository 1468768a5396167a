import type { Notice } from "@plugboard/core";
import { expect, test } from "vitest";
import { scripted } from "../scripted-model.ts";
import { cascade } from "./cascade.ts";
import { corroborated } from "./corroborated.ts";

test("gives what two models came to, however it is written, and asks nobody else", async () => {
  const [llama, phi, gpt] = [
    scripted("llama", ["I think so.\n$1,200"]),
    scripted("phi", ['{"answer": 1200}']),
    scripted("gpt", ["7"]),
  ];
  const notices: Notice[] = [];
  const result = await cascade([llama, phi, gpt], { accept: corroborated() }).generate({
    messages: [{ role: "user", content: "how many?" }],
    notify: (notice) => notices.push(notice),
  });
  expect(result.model).toBe("phi");
  expect(gpt.requests).toHaveLength(0);
  expect(notices.filter(({ type }) => type === "escalated")).toMatchObject([
    { from: { id: "llama" }, to: { id: "phi" }, why: "is the first to answer" },
  ]);
});

test("asks the last model where those before it differ, and says so", async () => {
  const [llama, phi, gpt] = [scripted("llama", ["12"]), scripted("phi", ["13"]), scripted("gpt", ["14"])];
  const notices: Notice[] = [];
  const result = await cascade([llama, phi, gpt], { accept: corroborated() }).generate({
    messages: [{ role: "user", content: "how many?" }],
    notify: (notice) => notices.push(notice),
  });
  expect(result.model).toBe("gpt");
  expect(notices.findLast(({ type }) => type === "escalated")).toMatchObject({
    why: "came to a result that 1 of 2 models came to",
    score: 0.5,
  });
});

test("counts agreement with any before it, not only with the last", async () => {
  const three = [scripted("a", ["12"]), scripted("b", ["13"]), scripted("c", ["12"])] as const;
  const gpt = scripted("gpt", ["14"]);
  const model = cascade([...three, gpt], { accept: corroborated() });
  expect((await model.generate("how many?")).model).toBe("c");
  const strict = cascade([...three, gpt], { accept: corroborated({ least: 3 }) });
  expect((await strict.generate("how many?")).model).toBe("gpt");
});

test("does not take two answers for the same where there is nothing to compare", async () => {
  const model = cascade([scripted("a", ["!"]), scripted("b", ["?"]), scripted("c", ["yes"])], {
    accept: corroborated({ key: () => undefined }),
  });
  expect((await model.generate("how many?")).model).toBe("c");
});

test("refuses that an answer agree with itself alone", () => {
  expect(() => corroborated({ least: 1 })).toThrow("least");
});
