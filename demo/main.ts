import { ModelError } from "plugboard";
import { liveWorld } from "./live-world.ts";
import { pageOn } from "./page.ts";
import { help, readArguments } from "./read-arguments.ts";
import type { Wanted } from "./read-arguments.ts";
import { recordedWorld } from "./recorded-world.ts";
import { show } from "./show.ts";
import { simulatedWorld } from "./simulated-world.ts";
import { UsageError } from "./usage-error.ts";
import type { World } from "./world.ts";

/** Questions of a kind that a recorded run asks, unless all are wanted. */
const sample = 150;

function worldOf(wanted: Exclude<Wanted, { form: "help" }>): Promise<World> {
  switch (wanted.form) {
    case "simulated":
      return simulatedWorld();
    case "recorded":
      return recordedWorld(wanted.folder, wanted.all ? {} : { perKind: sample });
    default:
      return liveWorld();
  }
}

async function main(): Promise<number> {
  const began = performance.now();
  const page = pageOn(process.stdout, { color: !process.env["NO_COLOR"] });
  const wanted = readArguments(process.argv.slice(2));
  if (wanted.form === "help") {
    page.line(help);
    return 0;
  }
  const world = await worldOf(wanted);
  try {
    const failures = await show(world, page);
    page.line();
    for (const failure of failures) page.line(`Not shown: ${failure}.`);
    const took = ((performance.now() - began) / 1000).toFixed(1);
    page.line(
      failures.length === 0 ? `All five shown, in ${took} s.` : `${failures.length} things are not as they must be.`,
    );
    return failures.length === 0 ? 0 : 1;
  } finally {
    await world.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError || error instanceof ModelError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
