// How fast an export of ChatGPT's is converted, and how much memory that takes: node bench/transcript.ts [megabytes], 1000 unless told.
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chatgptExport, convertFile, openaiChat, plugboardLines } from "@plugboard/transcript";

const most = 4000;
const megabytes = Math.min(most, Number(process.argv[2] ?? 1000));
const folder = mkdtempSync(join(tmpdir(), "plugboard-transcript-"));
const input = join(folder, "conversations.json");
const output = join(folder, "out.jsonl");
const text = 'Some words, "quoted", and a line\nend. é🙂 '.repeat(50);

/** A conversation of twelve turns, as the export has it: 30 kB or so. */
function conversation(id: number): string {
  const ids = Array.from({ length: 12 }, (_, turn) => `${id}-${turn}`);
  const nodes = ids.map((node, turn) => [
    node,
    {
      id: node,
      message: {
        id: node,
        author: { role: turn % 2 === 0 ? "user" : "assistant" },
        create_time: 1.7e9 + turn,
        content: { content_type: "text", parts: [text] },
        recipient: "all",
        metadata: { model_slug: "gpt-4o", request_id: "r", finish_details: { type: "stop" } },
      },
      parent: ids[turn - 1] ?? null,
      children: ids.slice(turn + 1, turn + 2),
    },
  ]);
  return JSON.stringify({
    conversation_id: `c${id}`,
    title: "A talk",
    current_node: ids.at(-1),
    mapping: Object.fromEntries(nodes),
  });
}

async function writeExport(): Promise<void> {
  const file = createWriteStream(input);
  for (let id = 0, size = 0; size < megabytes * 1e6; id++) {
    const piece = `${id === 0 ? "[" : ","}${conversation(id)}`;
    size += Buffer.byteLength(piece);
    if (!file.write(piece)) await once(file, "drain");
  }
  file.end("]");
  await once(file, "close");
}

try {
  await writeExport();
  const size = statSync(input).size / 1e6;
  for (const to of [plugboardLines, openaiChat]) {
    let peak = 0;
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50);
    const started = performance.now();
    const { converted } = await convertFile(input, output, { from: chatgptExport, to });
    const seconds = (performance.now() - started) / 1000;
    clearInterval(timer);
    const speed = (size / seconds).toFixed(0);
    console.log(
      `${to.title}: ${converted} conversations, ${size.toFixed(0)} MB in ${seconds.toFixed(1)} s, ${speed} MB/s; at most ${(peak / 1e6).toFixed(0)} MB in memory`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
