import type { Platform } from "#async/platform.ts";

/** Keeps the locks of the jobs in hand alive. */
export type Locks = {
  /** @param ageMs since the lock was taken or renewed @returns what lets go of the job */
  hold(jobId: string, token: string, ageMs: number): () => void;
  stop(): void;
};

/** What keeps locks: `renew` answers with the jobs whose lock is not theirs any more. */
export type LockDeps = {
  renew: (jobIds: string[], tokens: string[]) => Promise<readonly string[]>;
  onLost: (jobIds: readonly string[]) => void;
  onTrouble: () => void;
  platform: Pick<Platform, "monotonic" | "every">;
};

/** A lock is seen to be old by a tenth of its time late at the most. */
const looksPerRenewal = 10;

/**
 * Renews all locks together when one of them is old. BullMQ's own renewal looks once per renewal, so it has to renew twice
 * as often to let none grow older: 13 commands for a run of 30 s where 8 do.
 *
 * @param everyMs well below the locks' duration, in milliseconds
 */
export function openLocks({ renew, onLost, onTrouble, platform }: LockDeps, everyMs: number): Locks {
  const now = () => platform.monotonic();
  const held = new Map<string, { token: string; at: number }>();
  let isRenewing = false;

  async function renewAll(): Promise<void> {
    const at = now();
    const locks = [...held];
    const lost = await renew(
      locks.map(([jobId]) => jobId),
      locks.map(([, { token }]) => token),
    );
    // Who has let go meanwhile has no lock to lose.
    const still = locks.filter(([jobId, lock]) => held.get(jobId) === lock);
    for (const [, lock] of still) lock.at = at;
    const missed = still.map(([jobId]) => jobId).filter((jobId) => lost.includes(jobId));
    for (const jobId of missed) held.delete(jobId);
    if (missed.length > 0) onLost(missed);
  }

  async function look(): Promise<void> {
    const isOld = [...held.values()].some(({ at }) => now() - at >= everyMs);
    if (!isOld || isRenewing) return;
    isRenewing = true;
    await renewAll()
      .catch(onTrouble)
      .finally(() => (isRenewing = false));
  }

  const stopLooking = platform.every(everyMs / looksPerRenewal, () => void look());
  return {
    hold(jobId, token, ageMs) {
      const lock = { token, at: now() - ageMs };
      held.set(jobId, lock);
      return () => {
        if (held.get(jobId) === lock) held.delete(jobId);
      };
    },
    stop: stopLooking,
  };
}
