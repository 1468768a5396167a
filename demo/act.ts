import type { World } from "./world.ts";
import type { Page } from "./page.ts";

/** What every act gets. */
export interface Stage {
  readonly world: World;
  readonly page: Page;
}

/** What did not come out as it must; an act without one has shown what it is for. */
export interface Shown {
  readonly failures: readonly string[];
}

/** Gathers what did not come out as it must. */
export function checks(act: string): {
  readonly failures: readonly string[];
  readonly expect: (holds: boolean, otherwise: string) => void;
} {
  const failures: string[] = [];
  return {
    failures,
    expect(holds, otherwise) {
      if (!holds) failures.push(`${act}: ${otherwise}`);
    },
  };
}
