// One subject in a process of its own, which calls the server on loopback whenever it is told to.
import { named } from "./clients.ts";

const [, , name = "", origin = ""] = process.argv;
const inFlight = 64;
const client = await named(name);
const call = client(origin);

process.on("message", (span: number) => void during(span).then((figures) => process.send!(figures)));
process.send!("ready");

async function during(span: number): Promise<{ readonly rate: number; readonly cpu: number }> {
  let calls = 0;
  const [begun, before] = [performance.now(), process.cpuUsage()];
  async function callOn(): Promise<void> {
    while (performance.now() - begun < span) {
      const { tokens } = await call();
      if (tokens !== 60) throw new Error(`${name} gives an answer of ${tokens} tokens for one of 60.`);
      calls++;
    }
  }
  await Promise.all(Array.from({ length: inFlight }, callOn));
  const { user, system } = process.cpuUsage(before);
  return { rate: (calls / (performance.now() - begun)) * 1000, cpu: (user + system) / calls };
}
