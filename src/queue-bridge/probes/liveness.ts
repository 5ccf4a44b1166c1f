import type { Platform } from "#async/platform.ts";

/** A loop of the bridge; each uses one connection to Redis. */
export type LoopName = "intake" | "take-over" | "call-again";

/** What is looked at of a loop's connection, as ioredis has it. */
type Connection = { status: string; on: (event: "ready", listener: () => void) => unknown };

/** When the loops of a bridge last came round. */
export type Liveness = {
  /** Notes that a loop has come round. */
  turn: (loop: LoopName) => void;
  /** How long ago that was, in milliseconds; Infinity: never. */
  sinceTurnMs(loop: LoopName): number;
  /** Loops that have not come round for too long although Redis is there. */
  stuck(): readonly LoopName[];
};

/** The slowest loop waits for Redis for 60 s, and a connection that says nothing is replaced after 75 s. */
const stuckMs = 150_000;

/**
 * Watches the loops. A Redis that is away stops them, too, and no restart helps against that: a loop is stuck only when its
 * connection has been there all the time.
 */
export function openLiveness(
  platform: Pick<Platform, "monotonic">,
  connections: Readonly<Record<LoopName, Connection>>,
): Liveness {
  const turnedAt = new Map<LoopName, number>();
  const countedFrom = new Map<LoopName, number>();
  // The object has no other keys.
  const loops = Object.keys(connections) as LoopName[];
  for (const loop of loops) {
    const count = () => countedFrom.set(loop, platform.monotonic());
    count();
    connections[loop].on("ready", count);
  }
  return {
    turn(loop) {
      turnedAt.set(loop, platform.monotonic());
    },
    sinceTurnMs: (loop) => platform.monotonic() - (turnedAt.get(loop) ?? -Infinity),
    stuck: () =>
      loops.filter((loop) => {
        const from = Math.max(turnedAt.get(loop) ?? 0, countedFrom.get(loop) ?? 0);
        return connections[loop].status === "ready" && platform.monotonic() - from > stuckMs;
      }),
  };
}
