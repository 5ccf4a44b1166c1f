import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { tenants } from "../../dev/stack/seed.ts";
import { sign } from "../../dev/stack/tokens.ts";
import { accounts } from "../../sandbox/accounts.ts";
import { watch, type Member, type Watched } from "../crowd/crowd.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { inTurns } from "../stack/in-turns.ts";
import { openUser, type User } from "../stack/user.ts";

/** A run that is live while the engine is upgraded. `appends`: the key of the one row that it adds to a table. */
export type Traveler = Member & { appends?: string };

type UnitUser = { mid: number; token: string; user: User };

/** The table that the runs append to; every business unit has its own, empty at first. */
export const target = "VIP Audience";
const submitsAtOnce = 10;
/** Every fifth run appends: what must not be done twice. */
const appendEvery = 5;

/** One user in each business unit of the sandbox: each unit has slots of its own. */
async function openUsers(stack: BenchStack): Promise<UnitUser[]> {
  const { edge } = stack.file();
  return (await signPeople(stack)).map((unit) => ({ ...unit, user: openUser(edge, unit.token) }));
}

/** The token of one user in each business unit of the sandbox. */
export async function signPeople(stack: BenchStack): Promise<{ mid: number; token: string }[]> {
  const variables = parseEnv(await readFile(join(stack.dir, "worker.env"), "utf8"));
  const units = tenants.flatMap(({ id: tenant, connectionId: connection }, at) => {
    const { eid = 0, mids = [] } = accounts[at] ?? {};
    return mids.map((mid) => ({ tenant, connection, eid, mid }));
  });
  return Promise.all(
    units.map(async (unit) => ({
      mid: unit.mid,
      token: await sign(`traveler-${unit.mid}`, unit, variables["JWT_SECRET"] ?? ""),
    })),
  );
}

/** Submits runs of all business units in turn; each has a client of its own, a bare reader of SSE, until it is over. */
export async function submitTravelers(
  stack: BenchStack,
  runs: number,
  round: string,
  giveUp: AbortSignal,
): Promise<(Omit<Traveler, "followed"> & { watched: Promise<Watched> })[]> {
  const { edge } = stack.file();
  const users = await openUsers(stack);
  return inTurns(submitsAtOnce, runs, async (at) => {
    const { user, ...unit } = users[at % users.length] ?? fail();
    const appends = at % appendEvery === 0 ? `${round}-${at}` : undefined;
    const sentAt = Date.now();
    const { id } =
      appends === undefined
        ? await user.submit("SELECT TOP 50 CustomerKey, FirstName, Country FROM Customers")
        : await user.submit(`SELECT TOP 1 '${appends}' AS CustomerKey FROM Customers`, {
            customerKey: target,
            mode: "append",
          });
    const watched = watch({ url: edge, token: unit.token, id, signal: giveUp });
    return { id, ...unit, sentAt, acceptedAt: Date.now(), watched, ...(appends === undefined ? {} : { appends }) };
  });
}

function fail(): never {
  throw new Error("Cannot submit: there is no business unit");
}
