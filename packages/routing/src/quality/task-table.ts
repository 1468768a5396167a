/** How far each task lies from the mean of all, as far as that can be told: `task × targets + target`. */
export type TaskTable = Float64Array;

/**
 * A mean per task, drawn towards the mean of all the more, the fewer items a task has and the less tasks differ at all.
 *
 * Empirical Bayes: the variance between tasks by moments (DerSimonian and Laird, Controlled clinical trials 7, 1986), a task of n items keeps
 * `n / (n + within / between)` of its difference. The level (target 0) and the contrasts have a variance each.
 *
 * @param rows - which items count
 * @param taskOf - of each item, its task's number; below 0 for none
 */
export function taskTable(
  values: Float64Array,
  targets: number,
  rows: Int32Array,
  taskOf: Int32Array,
  tasks: number,
): TaskTable {
  const table = new Float64Array(tasks * targets);
  const counts = new Float64Array(tasks);
  for (const row of rows) {
    const task = taskOf[row]!;
    if (task < 0) continue;
    counts[task]!++;
    for (let target = 0; target < targets; target++) table[task * targets + target]! += values[row * targets + target]!;
  }
  for (let task = 0; task < tasks; task++)
    for (let target = 0; target < targets; target++) table[task * targets + target]! /= Math.max(counts[task]!, 1);

  for (const [from, to] of [
    [0, 1],
    [1, targets],
  ] as const) {
    const kept = keptOf(table, counts, values, targets, rows, taskOf, [from, to]);
    for (let task = 0; task < tasks; task++)
      for (let target = from; target < to; target++)
        table[task * targets + target]! *= kept === Infinity ? 0 : counts[task]! / (counts[task]! + kept);
  }
  return table;
}

/** The variance within tasks by that between: how many items the mean of all is worth. `Infinity` where tasks do not differ. */
function keptOf(
  means: TaskTable,
  counts: Float64Array,
  values: Float64Array,
  targets: number,
  rows: Int32Array,
  taskOf: Int32Array,
  [from, to]: readonly [number, number],
): number {
  const used = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (used < 2 || all <= used) return Infinity;
  let [within, among] = [0, 0];
  for (const row of rows) {
    const task = taskOf[row]!;
    if (task < 0) continue;
    for (let target = from; target < to; target++)
      within += (values[row * targets + target]! - means[task * targets + target]!) ** 2;
  }
  within /= all - used;
  for (const [task, count] of counts.entries())
    for (let target = from; target < to; target++) among += count * means[task * targets + target]! ** 2;
  const squares = counts.reduce((sum, count) => sum + count * count, 0);
  const between = (among - (used - 1) * within) / (all - squares / all);
  return between > 0 ? within / between : Infinity;
}
