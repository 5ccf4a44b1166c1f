import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { onTestFinished, vi } from "vitest";
import type { RunObject } from "#run-object/object.ts";
import { stubOf, type RunStub } from "../../../src/worker/watch/run-stub.ts";

/** The object of a run, as the Worker reaches it. */
export function objectOf(id: string): RunStub {
  return stubOf(env, id);
}

/** Advances the clock of this isolate, which Worker and objects share, and runs the object's alarm. */
export async function letPass(id: string, ms: number): Promise<void> {
  const now = Date.now() + ms;
  if (!vi.isFakeTimers()) {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
  }
  vi.setSystemTime(now);
  await runDurableObjectAlarm(objectOf(id));
}

/** How many clients watch a run, by SSE or long poll. */
export function watchersOf(id: string): Promise<number> {
  return runInDurableObject(objectOf(id), (_object: RunObject, ctx) => ctx.getWebSockets().length);
}

/** For each job that is not on the intake yet: how often it was tried. */
export function outboxTries(id: string): Promise<number[]> {
  return runInDurableObject(objectOf(id), (_object: RunObject, { storage }) =>
    storage.sql
      .exec<{ tries: number }>("select tries from outbox order by delivery")
      .toArray()
      .map(({ tries }) => tries),
  );
}

/** Names of the tables an object has; none when nothing was ever stored in it. */
export function tablesOf(id: string): Promise<string[]> {
  return runInDurableObject(objectOf(id), (_object: RunObject, { storage }) =>
    storage.sql
      .exec<{ name: string }>(
        "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'",
      )
      .toArray()
      .map(({ name }) => name),
  );
}

/** How many jobs of a run its object has yet to put on the stream. */
export function unsent(id: string): Promise<number> {
  return runInDurableObject(
    objectOf(id),
    (_object: RunObject, { storage }) => storage.sql.exec<{ n: number }>("select count(*) as n from outbox").one().n,
  );
}
