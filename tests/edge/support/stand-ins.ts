import { onTestFinished } from "vitest";
import type { RunJob } from "#protocol/job.ts";
import { intakeStream } from "#protocol/redis-keys.ts";
import { bindings } from "./people.ts";

const clients = { redis: "UPSTASH_REDIS_REST_URL", postgres: "NEON_FETCH_ENDPOINT" } as const;

type Part = keyof typeof clients;

/** Makes a part refuse every request that holds a text, until the answer is called or the test ends. */
export function breakDown(part: Part, text: string): Promise<() => Promise<void>> {
  return order("POST", part, text);
}

/** Makes a part answer no request that holds a text, until the answer is called or the test ends. */
export function holdBack(part: Part, text: string): Promise<() => Promise<void>> {
  return order("PUT", part, text);
}

async function order(method: "POST" | "PUT", part: Part, text: string): Promise<() => Promise<void>> {
  const url = new URL("/test/trouble", bindings[clients[part]]);
  await fetch(url, { method, body: text });
  const repair = async () => {
    await (await fetch(url, { method: "DELETE", body: text })).text();
  };
  onTestFinished(repair);
  return repair;
}

/** One command to Redis, over Upstash's REST as the object sends it; the reply as Redis gives it. */
export async function redis<T = unknown>(command: readonly string[]): Promise<T> {
  const answer = await fetch(bindings["UPSTASH_REDIS_REST_URL"] ?? "", {
    method: "POST",
    headers: { authorization: `Bearer ${bindings["UPSTASH_REDIS_REST_TOKEN"]}` },
    body: JSON.stringify(command),
  });
  return (await answer.json<{ result: T }>()).result;
}

/** The jobs of a run or of a user on the intake stream, oldest first. */
export async function jobsOf(runOrUser: string): Promise<RunJob[]> {
  // Redis' answer to XRANGE: [id, [field, value]] per entry; the values are what putJob wrote.
  const entries = await redis<[string, [string, string]][]>(["XRANGE", intakeStream, "-", "+"]);
  const jobs = entries.map(([, [, value]]) => JSON.parse(value) as RunJob);
  return jobs.filter(({ runId, userId }) => runId === runOrUser || userId === runOrUser);
}
