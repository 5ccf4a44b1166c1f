import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "../history/history.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { inTurns } from "../stack/in-turns.ts";
import { openUser, type Followed, type User } from "../stack/user.ts";

/** A run and what its client followed; `followed` is the reason when the client saw no end. Times are this machine's. */
export type Member = {
  id: string;
  mid: number;
  token: string;
  sentAt: number;
  acceptedAt: number;
  followed: Followed | string;
};

export type Crowd = {
  members: readonly Member[];
  startedAt: number;
  /** When every run was accepted and every client had its stream. */
  gatheredAt: number;
  /** When the last client had received its end. */
  overAt: number;
  /** The most streams open at one time, and all streams opened. */
  streams: { most: number; inAll: number };
};

const sql = "SELECT TOP 50 CustomerKey, FirstName, Country FROM Customers";
/** More of them pile up before the stand-ins of Postgres and Redis, and workerd opens a socket for each. */
const submitsAtOnce = 6;
/** A speed at which Marketing Cloud's clock almost stands still: no query ends before the whole crowd is there. */
const standingSpeed = 0.000_1;
const lookAgainMs = 100;

/**
 * Submits runs of two tenants alternately, as fast as the edge accepts them. Each has its own client, which follows it to
 * its end.
 *
 * @param giveUp aborts after the time limit
 */
export async function gatherCrowd(stack: BenchStack, runs: number, giveUp: AbortSignal): Promise<Crowd> {
  const { edge, tokens } = stack.file();
  const users = [
    { mid: 7_000_001, token: tokens.alice },
    { mid: 8_000_001, token: tokens.carol },
  ].map((unit) => ({ ...unit, user: openUser(edge, unit.token) }));
  const streams = { open: 0, most: 0, inAll: 0 };
  const onStream = (isOpen: boolean) => {
    streams.open += isOpen ? 1 : -1;
    streams.inAll += isOpen ? 1 : 0;
    streams.most = Math.max(streams.most, streams.open);
  };
  const follow = (user: User, id: string) =>
    user.follow(id, { onStream, signal: giveUp }).catch((error: unknown) => {
      return giveUp.aborted ? "did not end in time" : String(error);
    });
  await stack.control("clock", { speed: standingSpeed });
  const startedAt = Date.now();
  const accepted = await inTurns(submitsAtOnce, runs, async (at) => {
    const { user, ...unit } = users[at % users.length] ?? fail();
    const sentAt = Date.now();
    const { id } = await user.submit(sql);
    return { id, ...unit, sentAt, acceptedAt: Date.now(), followed: follow(user, id) };
  });
  while (streams.inAll < runs && !giveUp.aborted) await sleep(lookAgainMs);
  const gatheredAt = Date.now();
  await stack.control("clock", { speed: 1 });
  const members = await Promise.all(accepted.map(async (member) => ({ ...member, followed: await member.followed })));
  return { members, startedAt, gatheredAt, overAt: Date.now(), streams };
}

/** Its client as the history knows it: one that forgives repeated events, but has all. */
export function clientOf({ followed }: Pick<Member, "followed">): Client {
  if (typeof followed === "string") return { streams: [], sawEnd: false };
  return { streams: [{ after: 0, ids: followed.versions }], sawEnd: true };
}

function fail(): never {
  throw new Error("Cannot submit: there is no user");
}
