import { setTimeout as sleep } from "node:timers/promises";
import type { BenchStack } from "../stack/bench-stack.ts";
import { inTurns } from "../stack/in-turns.ts";
import { openUser, type Heard, type User } from "../stack/user.ts";

/** A run and the client that follows it; `heard` is text when the client heard of no end. Times are this machine's. */
export type Member = {
  id: string;
  user: User;
  sentAt: number;
  acceptedAt: number;
  heard: Heard | string;
};

export type Crowd = {
  members: readonly Member[];
  startedAt: number;
  /** When every run was accepted and every client had its stream. */
  gatheredAt: number;
  /** When the last client had heard of its end. */
  overAt: number;
  /** Streams open at one moment, and opened in all. */
  streams: { most: number; inAll: number };
};

const sql = "SELECT TOP 50 CustomerKey, FirstName, Country FROM Customers";
const submitsAtOnce = 20;
/** A clock of Marketing Cloud that all but stands: no query ends before the whole crowd is there. */
const standingSpeed = 0.000_1;
const lookAgainMs = 100;

/**
 * Submits runs of two tenants in turns, as fast as the edge takes them, each with a client of its own that follows it to
 * its end.
 *
 * @param giveUp aborts when it has taken too long
 */
export async function gatherCrowd(stack: BenchStack, runs: number, giveUp: AbortSignal): Promise<Crowd> {
  const { edge, tokens } = stack.file();
  const users = [openUser(edge, tokens.alice), openUser(edge, tokens.carol)] as const;
  const streams = { open: 0, most: 0, inAll: 0 };
  const onStream = (isOpen: boolean) => {
    streams.open += isOpen ? 1 : -1;
    streams.inAll += isOpen ? 1 : 0;
    streams.most = Math.max(streams.most, streams.open);
  };
  const hear = (user: User, id: string) =>
    user.hear(id, { onStream, signal: giveUp }).catch((error: unknown) => {
      return giveUp.aborted ? "did not end in time" : String(error);
    });
  await stack.control("clock", { speed: standingSpeed });
  const startedAt = Date.now();
  const accepted = await inTurns(submitsAtOnce, runs, async (at) => {
    const user = at % 2 === 0 ? users[0] : users[1];
    const sentAt = Date.now();
    const { id } = await user.submit(sql);
    return { id, user, sentAt, acceptedAt: Date.now(), heard: hear(user, id) };
  });
  while (streams.inAll < runs && !giveUp.aborted) await sleep(lookAgainMs);
  const gatheredAt = Date.now();
  await stack.control("clock", { speed: 1 });
  const members = await Promise.all(accepted.map(async (member) => ({ ...member, heard: await member.heard })));
  return { members, startedAt, gatheredAt, overAt: Date.now(), streams };
}
