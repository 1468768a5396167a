import type { FileStore } from "../file-store.ts";
import { outputTo } from "../text-output.ts";
import type { TextOutput } from "../text-output.ts";
import { writeCall } from "./call-line.ts";
import { fixtureCall } from "./fixture-call.ts";
import type { LoggedCall } from "./logged-call.ts";
import { scrubbed } from "./scrubbed.ts";

/** What is kept of calls for tests. */
export interface FixtureWriting {
  /** Changes every text before it is written; `replay` is given the same. @default texts are written as they are */
  readonly scrub?: (text: string) => string;
  /** Where files go, once each. @default they stand in the lines */
  readonly files?: FileStore;
}

/**
 * Makes a fixture for tests of calls, such as those of a log: a file that `replay` and `fixture` answer from. Calls that were let go are
 * left out; so is what tells of the day and of users (tags, times, costs, ids of requests). The file is there whole or not at all.
 *
 * @param output - the path of a file, or what takes text as it comes
 * @returns how many calls are in it
 * @throws {ModelError} `invalid-request` for a line of the log that is no call; the error of the file system where that fails
 * @example
 * async function* refunds() {
 *   for await (const call of readLog(createReadStream("calls.jsonl"))) if (call.tags?.feature === "refunds") yield call;
 * }
 * await writeFixture("fixtures/refunds.jsonl", refunds(), { scrub: scrubber() });
 */
export async function writeFixture(
  output: TextOutput,
  calls: Iterable<LoggedCall> | AsyncIterable<LoggedCall>,
  { scrub, files }: FixtureWriting = {},
): Promise<number> {
  const file = outputTo(output);
  let number = 0;
  try {
    for await (const call of calls) {
      if (call.outcome === "cancelled") continue;
      const line = await writeCall(fixtureCall(call, ++number), files);
      await file.write(`${JSON.stringify(scrub ? scrubbed(line, scrub) : line)}\n`);
    }
    await file.keep();
    return number;
  } catch (error) {
    await file.discard();
    throw error;
  }
}
