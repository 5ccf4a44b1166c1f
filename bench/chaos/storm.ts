import { setTimeout as sleep } from "node:timers/promises";
import type { NamedFault, Strike } from "./plan.ts";
import type { Striker } from "./strike.ts";

/** A fault that was there, from when to when by this machine's clock. */
export type Struck = { name: NamedFault["name"]; from: number; to: number };

/** How long after its end a fault may show: until what it broke has been tried again. */
const aftermathMs = 5000;

/** Does all of a plan at its times. @returns what could be done, when all of it has ended */
export async function storm(
  striker: Striker,
  plan: readonly Strike[],
  say: (line: string) => void,
): Promise<readonly Struck[]> {
  const start = Date.now();
  const done = await Promise.all(
    plan.map(async ({ name, fault, atMs, lastsMs }): Promise<readonly Struck[]> => {
      await sleep(Math.max(0, start + atMs - Date.now()));
      const from = Date.now();
      const end = await striker.strike(fault);
      if (end === undefined) return [];
      say(
        `${String(Math.round((from - start) / 1000)).padStart(4)} s  ${name}${lastsMs === 0 ? "" : `, ${(lastsMs / 1000).toFixed(1)} s`}`,
      );
      await sleep(lastsMs);
      await end();
      return [{ name, from, to: Date.now() + aftermathMs }];
    }),
  );
  return done.flat();
}
