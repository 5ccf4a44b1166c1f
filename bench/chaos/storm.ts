import { setTimeout as sleep } from "node:timers/promises";
import { given } from "#lang/given.ts";
import type { Struck } from "./meetings.ts";
import type { Strike } from "./plan.ts";
import type { Striker } from "./strike.ts";

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
      const end = await striker.strike(fault);
      const from = Date.now();
      if (end === undefined) return [];
      say(
        `${String(Math.round((from - start) / 1000)).padStart(4)} s  ${name}${lastsMs === 0 ? "" : `, ${(lastsMs / 1000).toFixed(1)} s`}`,
      );
      await sleep(lastsMs);
      const only = (await end()) ?? undefined;
      return [{ name, from, to: Date.now(), ...given({ only }) }];
    }),
  );
  return done.flat();
}
