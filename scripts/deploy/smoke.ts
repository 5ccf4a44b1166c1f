import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** Every account has this data view; one row at most is read. */
const sql = "SELECT TOP 1 JobID FROM _Job";
/** A new version needs some seconds to be everywhere. */
const healthyWithinMs = 60_000;
const readyWithinMs = 5 * 60_000;

const Run = z.object({
  id: z.string(),
  status: z.string(),
  error: z.object({ code: z.string(), title: z.string(), detail: z.string() }).optional(),
});
const Problem = z.object({ detail: z.string().optional(), problems: z.array(z.string()).optional() });

/** Waits until the Worker says that it is healthy. @throws with what it says instead */
export async function assertHealthy(edge: string, withinMs = healthyWithinMs): Promise<void> {
  const until = Date.now() + withinMs;
  for (;;) {
    const reason = await readIllness(edge);
    if (reason === undefined) return;
    if (Date.now() > until) throw new Error(reason);
    await sleep(1000);
  }
}

/** Does one run through the public API, as a user. @returns how it went @throws when it does not become ready */
export async function smokeRun(edge: string, token: string): Promise<string> {
  const startedAt = Date.now();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await fetch(`${edge}${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${(await problemOf(answer)) ?? "no reason"}`);
    return answer;
  };
  const body = JSON.stringify({ sql, snippetName: "Smoke test" });
  const submitted = Run.parse(await (await ask("/v1/runs", { method: "POST", body })).json());
  let run = submitted;
  while (run.status === "queued" || run.status === "running") {
    if (Date.now() - startedAt > readyWithinMs) throw new Error(`the run is still ${run.status}; is a bridge up?`);
    run = Run.parse(await (await ask(`/v1/runs/${submitted.id}?wait=20`)).json());
  }
  const { error } = run;
  if (run.status !== "ready")
    throw new Error(`the run ended ${run.status}: ${error?.title ?? ""} ${error?.detail ?? ""}`);
  const readyMs = Date.now() - startedAt;
  await ask(`/v1/runs/${run.id}/results?page=1`);
  return `a run was ready after ${(readyMs / 1000).toFixed(1)} s, and its page was read`;
}

async function readIllness(edge: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`${edge}/healthz`, { signal: AbortSignal.timeout(10_000) });
    if (answer.ok) return undefined;
    return `${edge}/healthz answers ${answer.status}: ${(await problemOf(answer)) ?? "no reason"}`;
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return `${edge}/healthz does not answer: ${cause instanceof Error ? cause.message : "unknown"}`;
  }
}

async function problemOf(answer: Response): Promise<string | undefined> {
  const parsed = Problem.safeParse(await answer.json().catch(() => undefined));
  return parsed.success ? (parsed.data.problems?.join("; ") ?? parsed.data.detail) : undefined;
}
