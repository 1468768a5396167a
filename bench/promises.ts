import { createHook } from "node:async_hooks";

/** How many promises are made while something runs: exact, the same in every run. */
export async function countPromises(run: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === "PROMISE") count++;
    },
  });
  hook.enable();
  try {
    await run();
  } finally {
    hook.disable();
  }
  return count;
}

/** Promises for each token more: those that a call makes but once drop out. */
export async function promisesPerToken(run: (tokens: number) => () => Promise<unknown>): Promise<number> {
  const [few, many] = [100, 1100];
  const [short, long] = [run(few), run(many)];
  await short(); // what is loaded or made on first use is not a token's
  await long();
  return ((await countPromises(long)) - (await countPromises(short))) / (many - few);
}
