import { streamFetch } from "../answers.ts";
import { promisesPerToken } from "../promises.ts";
import type { Report } from "../report.ts";
import type { Subject } from "../subject.ts";
import { deliveries } from "./in-process.ts";

/** How many promises a token makes: exact, the same in every run. Gives what is above its bound. */
export async function countAllPromises(report: Report, subjects: readonly Subject[]): Promise<string[]> {
  const excess: string[] = [];
  const streamed = subjects.filter(({ wire }) => wire === "chat");
  for (const { id, name, promises: bound, wanted: _, ...delivery } of deliveries) {
    const rows = [];
    for (const { name: subject, ours = false, stream } of streamed) {
      const count = await promisesPerToken((length) => stream({ fetch: streamFetch("chat", length, delivery) }));
      if (ours && count > bound) excess.push(`${subject}, ${name}: ${count.toFixed(2)} promises a token`);
      rows.push({ name: subject, ours, value: count, cells: [count.toFixed(2)] });
    }
    report.add({
      id: `promises-${id}`,
      title: `promises a token, ${name} (counted)`,
      unit: "promises a token",
      wanted: `≤ ${bound}`,
      columns: ["promises"],
      rows,
    });
  }
  return excess;
}
