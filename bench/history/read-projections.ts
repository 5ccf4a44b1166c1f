import { z } from "zod";
import { RunStatus } from "#protocol/run-status.ts";
import type { StackFile } from "../../dev/stack/stack-files.ts";

/** What Postgres knows of a run. */
export type Projected = { mid: number; version: number; status: RunStatus };

const Answer = z.object({ rows: z.array(z.tuple([z.string(), z.coerce.number(), z.coerce.number(), RunStatus])) });

/** Reads all runs in a stack's Postgres, past row level security. */
export async function readProjections({ neonHttp, neonAdmin }: StackFile): Promise<ReadonlyMap<string, Projected>> {
  const answer = await fetch(neonHttp, {
    method: "POST",
    headers: { "neon-connection-string": neonAdmin },
    body: JSON.stringify({ query: "select id, mid, version, status from sqe.runs" }),
  });
  if (!answer.ok) throw new Error(`Cannot read the projections: Postgres answers ${answer.status}`);
  const { rows } = Answer.parse(await answer.json());
  return new Map(rows.map(([id, mid, version, status]) => [id, { mid, version, status }]));
}
