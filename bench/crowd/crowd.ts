import { setTimeout as sleep } from "node:timers/promises";
import type { RunState } from "#client/run-state.ts";
import { watchRun, type Watcher } from "../history/watch-run.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { inTurns } from "../stack/in-turns.ts";
import { openUser } from "../stack/user.ts";

/** What came on the streams of a run, and when the last one closed. */
export type Watched = { client: Watcher; at: number };

/** A run and what its client received. Times are this machine's. */
export type Member = {
  id: string;
  mid: number;
  token: string;
  sentAt: number;
  acceptedAt: number;
  /** `run`: how it was when all were over. */
  followed: Watched & { run: RunState };
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
const readsAtOnce = 6;
/** A speed at which Marketing Cloud's clock almost stands still: no query ends before the whole crowd is there. */
const standingSpeed = 0.000_1;
const lookAgainMs = 100;

/**
 * Submits runs of two tenants alternately, as fast as the edge accepts them. Each has its own client, which follows it to
 * its end: a bare reader of SSE, since our own client forgives a version that comes twice.
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
  await stack.control("clock", { speed: standingSpeed });
  const startedAt = Date.now();
  const accepted = await inTurns(submitsAtOnce, runs, async (at) => {
    const unit = users[at % users.length] ?? fail();
    const sentAt = Date.now();
    const { id } = await unit.user.submit(sql);
    return {
      id,
      ...unit,
      sentAt,
      acceptedAt: Date.now(),
      watched: watch({ url: edge, token: unit.token, id, onStream, signal: giveUp }),
    };
  });
  while (streams.inAll < runs && !giveUp.aborted) await sleep(lookAgainMs);
  const gatheredAt = Date.now();
  await stack.control("clock", { speed: 1 });
  const watched = await Promise.all(accepted.map(async (member) => ({ ...member, watched: await member.watched })));
  const overAt = Date.now();
  return { members: await readRuns(edge, watched), startedAt, gatheredAt, overAt, streams };
}

/** Follows a run as `watchRun` does. */
export async function watch(watching: Parameters<typeof watchRun>[0]): Promise<Watched> {
  const client = await watchRun(watching);
  return { client, at: Date.now() };
}

/** Adds how each run is now. A bare reader of SSE does not tell it, and to ask during a measurement would disturb it. */
export function readRuns<T extends { id: string; token: string; watched: Watched }>(
  edge: string,
  members: readonly T[],
): Promise<(T & Pick<Member, "followed">)[]> {
  return inTurns(readsAtOnce, members.length, async (at) => {
    const member = members[at] ?? fail();
    const run = await openUser(edge, member.token).read(member.id);
    return { ...member, followed: { ...member.watched, run } };
  });
}

function fail(): never {
  throw new Error("Cannot submit: there is no user");
}
