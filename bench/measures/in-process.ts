import { streamFetch, wholeFetch } from "../answers.ts";
import type { Delivery } from "../answers.ts";
import { floorName } from "../floor.ts";
import { measure } from "../measure.ts";
import type { Pace, Timed, Timing } from "../measure.ts";
import type { Report, Row } from "../report.ts";
import type { Subject, WireName } from "../subject.ts";

const tokens = { generate: 60, stream: 500 };

/** How streams come, and what is wanted of each wire. */
export const deliveries: readonly (Delivery & {
  readonly id: string;
  readonly name: string;
  readonly wanted: Partial<Record<WireName, string>>;
  /** Promises a token at most. */
  readonly promises: number;
})[] = [
  { id: "event", name: "one event a read", reads: "event", wanted: { chat: "≤ 1.3×, five layers + 3 %" }, promises: 8 },
  {
    id: "16k",
    name: "16 KiB reads",
    reads: 16 * 1024,
    wanted: { chat: "≤ 1.25×", messages: "≤ 1.35×", responses: "≤ 1.3×" },
    promises: 3,
  },
  // OpenAI pads its chunks unless told not to, each otherwise.
  { id: "padded", name: "16 KiB reads, padded", reads: 16 * 1024, varying: "obfuscation", wanted: {}, promises: 3 },
  {
    id: "varied",
    name: "16 KiB reads, with a member that nobody knows and that is never the same",
    reads: 16 * 1024,
    varying: "odd",
    wanted: {},
    promises: 3,
  },
];

/** What a call and a token cost where no network is in the way. */
export async function measureInProcess(report: Report, subjects: readonly Subject[], pace: Pace): Promise<void> {
  const fetch = wholeFetch("chat", tokens.generate);
  const whole = subjects.filter(({ wire, generate }) => wire === "chat" && generate);
  report.add({
    id: "generate",
    title: `generate in process, ${tokens.generate} tokens, µs a call`,
    unit: "µs of CPU a call",
    wanted: "≤ 1.6×, ≤ 2× behind five layers",
    ...timingRows(
      await measure(
        timedBy(whole, (subject) => subject.generate!({ fetch })),
        pace,
      ),
      whole,
      1,
    ),
  });
  for (const { id, name, wanted, promises: _, ...delivery } of deliveries) {
    for (const wire of ["chat", "messages", "responses"] as const) {
      if (id !== "16k" && wire !== "chat") continue;
      const fetch = streamFetch(wire, tokens.stream, delivery);
      const streamed = subjects.filter((subject) => subject.wire === wire);
      const wish = wanted[wire];
      report.add({
        id: `stream-${wire}-${id}`,
        title: `streaming in process, ${wire}, ${name}, µs a token`,
        unit: "µs of CPU a token",
        ...(wish && { wanted: wish }),
        ...timingRows(
          await measure(
            timedBy(streamed, (subject) => subject.stream({ fetch })),
            pace,
          ),
          streamed,
          tokens.stream,
        ),
      });
    }
  }
}

function timedBy(subjects: readonly Subject[], ask: (subject: Subject) => () => Promise<unknown>): Timed[] {
  return subjects.map((subject) => {
    const run = ask(subject);
    return {
      name: subject.name,
      async run(times) {
        for (let time = 0; time < times; time++) await run();
      },
    };
  });
}

function times(value: number, floor: number): string {
  return `${(value / floor).toFixed(2)}×`;
}

/** Rows of times, each with its ratio to the floor. */
function timingRows(
  timings: ReadonlyMap<string, Timing>,
  subjects: readonly Subject[],
  unit: number,
): { readonly columns: readonly string[]; readonly rows: Row[] } {
  const base = timings.get(floorName)!;
  const rows = subjects.map(({ name, ours = false }): Row => {
    const timing = timings.get(name)!;
    const cells = (["cpu", "wall"] as const).flatMap((kind) => {
      const { least, median, most } = timing[kind];
      const range = `${(least / unit).toFixed(2)}–${(most / unit).toFixed(2)}`;
      const floor = base[kind];
      return [(median / unit).toFixed(2), range, times(median, floor.median), times(least, floor.least)];
    });
    return { name, ours, value: timing.cpu.median / unit, cells };
  });
  // On a busy machine the least of the rounds says more than their median.
  const ratios = ["to the floor", "least to least"];
  return { columns: ["CPU", "range", ...ratios, "wall", "range", ...ratios], rows };
}
