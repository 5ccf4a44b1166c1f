/** Keeps the locks of the jobs in hand alive. */
export type Locks = {
  /** @returns what lets go of the job */
  hold(jobId: string, token: string): () => void;
  stop(): void;
};

/** What keeps locks: `renew` answers with the jobs whose lock is not theirs any more. */
export type LockDeps = {
  renew: (jobIds: string[], tokens: string[]) => Promise<readonly string[]>;
  onLost: (jobIds: readonly string[]) => void;
  onTrouble: () => void;
};

/**
 * Renews all locks together, each time. BullMQ's own renewal may skip every other time, so it has to look twice as often to
 * let none grow older: 13 commands for a run of 30 s where 8 do.
 *
 * @param everyMs well below the locks' duration, in milliseconds
 */
export function openLocks({ renew, onLost, onTrouble }: LockDeps, everyMs: number): Locks {
  const tokens = new Map<string, string>();

  async function renewAll(): Promise<void> {
    if (tokens.size === 0) return;
    const held = [...tokens];
    const lost = await renew(
      held.map(([jobId]) => jobId),
      held.map(([, token]) => token),
    );
    // Who has let go meanwhile has no lock to lose.
    const missed = held.filter(([jobId, token]) => lost.includes(jobId) && tokens.get(jobId) === token);
    for (const [jobId] of missed) tokens.delete(jobId);
    if (missed.length > 0) onLost(missed.map(([jobId]) => jobId));
  }

  const renewing = setInterval(() => void renewAll().catch(onTrouble), everyMs);
  return {
    hold(jobId, token) {
      tokens.set(jobId, token);
      return () => {
        if (tokens.get(jobId) === token) tokens.delete(jobId);
      };
    },
    stop: () => clearInterval(renewing),
  };
}
