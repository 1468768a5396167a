/**
 * Works on what comes, so many at a time, and gives what is done as it is done. Nobody runs ahead of the reader by more than `width`.
 *
 * The first failure ends it: what is under way is waited for, and then the failure thrown. Leaving the loop ends it, too.
 */
export async function* inParallel<Task, Done>(
  tasks: AsyncIterator<Task, void>,
  width: number,
  work: (task: Task) => Promise<Done>,
): AsyncGenerator<Done, void> {
  const done: Done[] = [];
  const state: State = { stopped: false, working: 0 };
  let wakeReader: (() => void) | undefined;
  let wakeWorkers: (() => void)[] = [];

  const workers = Array.from({ length: width }, worker);
  try {
    for (;;) {
      while (done.length > 0 && !state.failure) {
        yield done.shift()!;
        if (done.length < width) letWork();
      }
      if (state.failure) throw state.failure.error;
      if (state.working === 0) return;
      await new Promise<void>((resolve) => (wakeReader = resolve));
    }
  } finally {
    state.stopped = true;
    letWork();
    await Promise.all(workers);
    await tasks.return?.();
  }

  async function worker(): Promise<void> {
    state.working++;
    try {
      for (;;) {
        // One promise a wait, and only when the reader is behind.
        while (done.length >= width && !state.stopped)
          await new Promise<void>((resolve) => void wakeWorkers.push(resolve));
        if (state.stopped) return;
        const next = await tasks.next();
        if (next.done === true || state.stopped) return;
        done.push(await work(next.value));
        wakeReader?.();
      }
    } catch (error) {
      state.failure ??= { error };
      state.stopped = true;
      letWork();
    } finally {
      state.working--;
      wakeReader?.();
    }
  }

  function letWork(): void {
    const waiting = wakeWorkers;
    wakeWorkers = [];
    for (const wake of waiting) wake();
  }
}

interface State {
  stopped: boolean;
  working: number;
  failure?: { readonly error: unknown };
}
