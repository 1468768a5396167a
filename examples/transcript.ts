// Data that an application owns: a conversation from one provider to another and back, a log of calls, and a test that answers from it.
import assert from "node:assert/strict";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scripted } from "@plugboard/testing";
import {
  anthropicMessages,
  callLines,
  convert,
  fileLog,
  openaiChat,
  plugboardLines,
  readConversations,
  readLog,
  record,
  replay,
  trainingFormatNamed,
  writeDataset,
} from "@plugboard/transcript";
import { scrubber, textOf } from "plugboard";

console.log("A conversation with Claude, for OpenAI: what cannot go along is told.");
const thought = { type: "thinking", thinking: "They greet me.", signature: "c2lnbmVk" };
const claude = {
  messages: [
    { role: "user", content: "Hello" },
    { role: "assistant", content: [thought, { type: "text", text: "Hello!" }] },
  ],
};
const there = await convert(claude, { from: anthropicMessages, to: openaiChat });
console.log(" ", JSON.stringify(there.result));
for (const { path, what, why } of there.losses) console.log(`  lost: ${what} at ${path}. ${why}`);
assert.deepEqual(
  there.losses.map(({ path, what }) => [path, what]),
  [["messages[1].content[0]", "reasoning"]],
);

console.log("Kept in lines of our own, nothing is lost: the signature finds its way back.");
const { result: line } = await convert(claude, { from: anthropicMessages, to: plugboardLines });
const { result: back } = await convert(line, { from: plugboardLines, to: anthropicMessages });
assert.ok(JSON.stringify(back).includes("c2lnbmVk"));

const folder = mkdtempSync(join(tmpdir(), "plugboard-example-"));
try {
  console.log("Calls are written down, without addresses, and answered again without a model.");
  const calls = join(folder, "calls.jsonl");
  {
    await using log = record(fileLog(calls), { scrub: scrubber() });
    const model = scripted("Done.").with(log);
    await model.generate("Write to ada@example.com");
  }
  const again = replay(readLog(createReadStream(calls)));
  assert.equal(textOf(await again.generate("Write to <EMAIL>")), "Done.");
  await assert.rejects(again.generate("Something else"), { code: "not-found" });

  console.log("And they become a training set.");
  const conversations = readConversations(createReadStream(calls), { from: callLines });
  const format = trainingFormatNamed("huggingface");
  const report = await writeDataset(conversations, { train: join(folder, "set.jsonl") }, { format });
  console.log(" ", report);
  assert.equal(report.train, 1);
} finally {
  rmSync(folder, { recursive: true });
}
