import { bindings } from "./people.ts";

/** Sends one command to the Redis behind the Worker. */
export async function redis<T>(...words: string[]): Promise<T> {
  const answer = await fetch(bindings["UPSTASH_REDIS_REST_URL"] ?? "", {
    method: "POST",
    headers: { authorization: `Bearer ${bindings["UPSTASH_REDIS_REST_TOKEN"]}` },
    body: JSON.stringify(words),
  });
  return (await answer.json<{ result: T }>()).result;
}
