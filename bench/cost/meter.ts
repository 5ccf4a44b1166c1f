import { countsPath, type Counts } from "../../dev/stand-ins/loopback-server.ts";
import type { StackFile } from "../../dev/stack/stack-files.ts";
import { commandsDuring } from "../stack/redis-commands.ts";
import { cpuMsOf } from "./cpu.ts";

/** What the parts of a stack have done while something happened. */
export type Reading = {
  ms: number;
  redisCommands: number;
  postgresQueries: number;
  bridgeCpuMs: number;
  workerdCpuMs: number;
};

/** Reads the meters before and after something happens. */
export async function meter(
  { redis, neonHttp }: StackFile,
  pids: { bridge: number; workerd: number },
  act: () => Promise<unknown>,
): Promise<Reading> {
  const read = async () => ({
    postgresQueries: await requestsTo(neonHttp),
    bridgeCpuMs: await cpuMsOf(pids.bridge),
    workerdCpuMs: await cpuMsOf(pids.workerd),
    at: performance.now(),
  });
  const before = await read();
  const redisCommands = await commandsDuring(redis, act);
  const after = await read();
  return {
    ms: after.at - before.at,
    redisCommands,
    postgresQueries: after.postgresQueries - before.postgresQueries,
    bridgeCpuMs: after.bridgeCpuMs - before.bridgeCpuMs,
    workerdCpuMs: after.workerdCpuMs - before.workerdCpuMs,
  };
}

async function requestsTo(standIn: string): Promise<number> {
  const answer = await fetch(new URL(countsPath, standIn));
  // The stand-in's own type.
  return ((await answer.json()) as Counts).requests;
}
