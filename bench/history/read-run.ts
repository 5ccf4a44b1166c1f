import { createParser } from "eventsource-parser";
import { z } from "zod";
import { readJson } from "#lang/json.ts";
import { given } from "#lang/given.ts";
import { isOver, RunStatus } from "#protocol/run-status.ts";
import type { Client, Moments, RunHistory, Version } from "./history.ts";
import type { Projected } from "./read-projections.ts";

/** A run whose history is wanted, and what is known at its user's side. */
export type Member = {
  id: string;
  mid: number;
  /** Its user's token. */
  token: string;
  clients: readonly Client[];
  isCancelAcknowledged?: boolean;
};

const View = z.looseObject({
  version: z.number(),
  status: RunStatus,
  createdAt: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  expiresAt: z.string().optional(),
  error: z.looseObject({ code: z.string() }).optional(),
  target: z.looseObject({ mode: z.string() }).optional(),
});
const Debug = View.extend({
  debug: z.looseObject({
    grant: z.object({ n: z.number(), at: z.number() }).loose().optional(),
    steps: z.array(
      z.looseObject({
        seq: z.number(),
        epoch: z.number(),
        at: z.number(),
        type: z.string(),
        asset: z.string().optional(),
      }),
    ),
  }),
});

/** Reads what the edge tells of one run, from its first version on; nothing of a run that the edge does not know. */
export async function readRun(edge: string, member: Member, projected: Projected | undefined): Promise<RunHistory> {
  const { id, mid, token, clients, isCancelAcknowledged = false } = member;
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${edge}/v1/runs/${id}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const known = { id, mid, clients, isCancelAcknowledged, ...given({ projected }) };
  const answer = await ask("?debug=1");
  if (answer.status === 404) return { ...known, isAppend: false, keepsTable: false, log: [], steps: [] };
  if (!answer.ok) throw new Error(`Cannot read run "${id}": the edge answers ${answer.status}`);
  const told = Debug.parse(await answer.json());
  const { debug, status, target, expiresAt = "" } = told;
  return {
    ...known,
    isAppend: target?.mode === "append",
    // A failed run keeps its table, too, when its rows could not be read.
    keepsTable: target === undefined && isOver(status) && Date.parse(expiresAt) > Date.now(),
    log: await versionsOf(await ask("/events", { "last-event-id": "0" })),
    steps: debug.steps.map(({ seq, epoch }) => ({ seq, epoch })),
    ...given({ grant: debug.grant && { n: debug.grant.n, at: debug.grant.at } }),
    moments: momentsOf(told),
  };
}

function momentsOf({ createdAt, startedAt, endedAt, expiresAt, debug }: z.infer<typeof Debug>): Moments {
  const at = (time: string | undefined) => (time === undefined ? undefined : Date.parse(time));
  return {
    createdAt: Date.parse(createdAt),
    ...given({ startedAt: at(startedAt), endedAt: at(endedAt) }),
    hasResult: expiresAt !== undefined,
    reports: debug.steps.map(({ at: takenAt, type, asset }) => ({ at: takenAt, type, ...given({ asset }) })),
  };
}

/** The versions that a stream tells from the first one on; of a run that is not over, those it has by now. */
async function versionsOf(answer: Response): Promise<readonly Version[]> {
  const versions: Version[] = [];
  let isOver = false;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === "end") isOver = true;
      if (event !== "run") return;
      const { version, status, endedAt, error } = View.parse(readJson(data));
      versions.push({
        version,
        status,
        ...given({ endedAt: endedAt === undefined ? undefined : Date.parse(endedAt), code: error?.code }),
      });
    },
  });
  const decoder = new TextDecoder();
  const until = AbortSignal.timeout(patienceMs);
  for await (const part of answer.body ?? []) {
    parser.feed(decoder.decode(part, { stream: true }));
    if (isOver || until.aborted) break;
  }
  return versions;
}

/** A stream of a run that is over ends at once; of another, all but the newest version are there at once. */
const patienceMs = 5000;
