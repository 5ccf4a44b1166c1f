import type { StatusRow } from "#mce/soap/async-status.ts";

/** What is known of one task. `askedAt`: when its own run last asked; `kept`: a row that came with another run's question. */
type Task = { askedAt: number; kept?: { row: StatusRow; at: number } };

/** The tasks of one business unit that runs ask about. Times are milliseconds of one monotonic clock. */
export type FollowedTasks = {
  /** How many there are; nothing is kept beside them. */
  size(): number;
  /** A run asks about its task. */
  follow(taskId: string, now: number): void;
  /** Forgets the tasks that nobody has asked about for too long, and their rows. */
  forgetOld(now: number): void;
  /** The other tasks that are followed, the longest known first. */
  othersThan(taskId: string): readonly string[];
  /** Keeps the rows of an answer until their own runs ask. */
  keep(rows: ReadonlyMap<string, StatusRow>, now: number): void;
  /** Returns the row that is kept of a task, unless it is too old, and keeps it no longer. */
  take(taskId: string, now: number): StatusRow | undefined;
};

/** Opens an empty memory. @param times as of `openStatusBoard` */
export function openFollowedTasks({ freshMs, followedMs }: { freshMs: number; followedMs: number }): FollowedTasks {
  const tasks = new Map<string, Task>();
  return {
    size: () => tasks.size,
    follow(taskId, now) {
      tasks.set(taskId, { ...tasks.get(taskId), askedAt: now });
    },
    forgetOld(now) {
      for (const [taskId, { askedAt }] of tasks) if (now - askedAt > followedMs) tasks.delete(taskId);
    },
    othersThan: (taskId) => [...tasks.keys()].filter((other) => other !== taskId),
    keep(rows, now) {
      for (const [taskId, row] of rows) {
        const task = tasks.get(taskId);
        if (task !== undefined) task.kept = { row, at: now };
      }
    },
    take(taskId, now) {
      const task = tasks.get(taskId);
      const kept = task?.kept;
      delete task?.kept;
      return kept !== undefined && now - kept.at <= freshMs ? kept.row : undefined;
    },
  };
}
