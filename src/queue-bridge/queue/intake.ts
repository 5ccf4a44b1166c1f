import { readJson } from "#lang/json.ts";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { Platform } from "#async/platform.ts";
import { IntakeCommand } from "#protocol/job.ts";
import { intakeField, intakeGroup, intakeStream } from "#protocol/redis-keys.ts";
import { factsOf, type Log } from "../log.ts";

export type IntakeDeps = {
  /** A connection of its own, because it blocks in XREADGROUP. */
  reading: Redis;
  /** Acknowledges entries and takes over those of other consumers. */
  acting: Redis;
  /** Unique among all bridges. */
  consumer: string;
  /** Queues a BullMQ job for the command; only then the entry is acknowledged. */
  addJob: (command: IntakeCommand) => Promise<void>;
  /** Called each time Redis has answered one of the two loops. */
  onTurn?: (loop: "intake" | "take-over") => void;
  platform: Pick<Platform, "sleep">;
  log: Log;
};

export type Intake = { stop(): Promise<void> };

const batch = 50;
/** A command ends the wait at once; this is only how often an idle bridge asks again. */
const blockMs = 60_000;
/** How long an entry may stay unacknowledged before another bridge takes it over (D11). */
const minIdleMs = 5000;
const takeOverEveryMs = 4000;
const pauseMs = 500;

/** KEYS: stream. ARGV: group, entries. One command instead of the four of a transaction. */
const acknowledge = `
redis.call('XACK', KEYS[1], unpack(ARGV))
return redis.call('XDEL', KEYS[1], unpack(ARGV, 2))
`;

// Redis answers streams as [[name, [[id, [field, value, …]], …]], …]; a deleted entry has no fields.
const Entry = z.tuple([z.string(), z.array(z.string()).nullable()]);
type Entry = z.infer<typeof Entry>;
const Read = z.array(z.tuple([z.string(), z.array(Entry)])).nullable();
const TakenOver = z.tuple([z.string(), z.array(Entry.nullable())]).rest(z.unknown());

/** Starts moving commands from the edge's stream to the queue (D11). */
export function openIntake(deps: IntakeDeps): Intake {
  const stopped = new AbortController();
  const loops = [keepReading(deps, stopped.signal), keepTakingOver(deps, stopped.signal)];
  return {
    async stop() {
      stopped.abort();
      // XREADGROUP may still block for a minute; closing its connection loses nothing.
      deps.reading.disconnect();
      await Promise.all(loops);
    },
  };
}

async function keepReading(deps: IntakeDeps, signal: AbortSignal): Promise<void> {
  const { reading, consumer } = deps;
  await again(deps, signal, async () => {
    const reply = await reading.xreadgroup(
      ...(["GROUP", intakeGroup, consumer, "COUNT", batch, "BLOCK", blockMs, "STREAMS", intakeStream, ">"] as const),
    );
    deps.onTurn?.("intake");
    for (const [, entries] of Read.parse(reply) ?? []) await takeAll(deps, entries);
  });
}

async function keepTakingOver(deps: IntakeDeps, signal: AbortSignal): Promise<void> {
  const { acting, consumer, platform } = deps;
  await again(deps, signal, async () => {
    for (let cursor = "0-0"; ;) {
      const reply = await acting.xautoclaim(intakeStream, intakeGroup, consumer, minIdleMs, cursor, "COUNT", batch);
      deps.onTurn?.("take-over");
      const [next, entries] = TakenOver.parse(reply);
      await takeAll(
        deps,
        entries.filter((entry) => entry !== null),
      );
      if (next === "0-0") break;
      cursor = next;
    }
    await platform.sleep(takeOverEveryMs, signal);
  });
}

/** Repeats work until it is stopped; if Redis has come back empty, it creates the consumer group again. */
async function again(deps: IntakeDeps, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      const isGroupGone = error instanceof Error && error.message.startsWith("NOGROUP");
      if (isGroupGone && (await makeGroup(deps.acting))) continue;
      deps.log("intake waits", { why: isGroupGone ? "no consumer group" : "Redis refused or is away" });
      await deps.platform.sleep(pauseMs, signal);
    }
  }
}

/** @returns true when the group exists now, no matter who created it */
async function makeGroup(redis: Redis): Promise<boolean> {
  try {
    await redis.xgroup("CREATE", intakeStream, intakeGroup, "0", "MKSTREAM");
    return true;
  } catch (error) {
    return error instanceof Error && error.message.startsWith("BUSYGROUP");
  }
}

/** Takes a batch in parallel; an entry whose job could not be queued stays for later, and does not block the others. */
async function takeAll(deps: IntakeDeps, entries: readonly Entry[]): Promise<void> {
  const results = await Promise.allSettled(entries.map((entry) => takeOne(deps, entry)));
  const taken = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  if (taken.length > 0) await deps.acting.eval(acknowledge, 1, intakeStream, intakeGroup, ...taken);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

/** Queues the job of one entry. @returns the entry's id, to acknowledge */
async function takeOne(deps: IntakeDeps, [entryId, fields]: Entry): Promise<string> {
  const command = readCommand(fields);
  if (command === undefined) {
    deps.log("command refused", { entryId, why: "not a command this bridge knows" });
    return entryId;
  }
  await deps.addJob(command);
  const { kind } = command;
  const facts = kind === "run" ? { ...factsOf(command), delivery: command.delivery } : { sweepId: command.sweepId };
  deps.log("command taken", { entryId, ...facts });
  return entryId;
}

function readCommand(fields: readonly string[] | null): IntakeCommand | undefined {
  const at = fields?.indexOf(intakeField) ?? -1;
  const text = at < 0 ? undefined : fields?.[at + 1];
  if (text === undefined) return undefined;
  return IntakeCommand.safeParse(readJson(text)).data;
}
