import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AliveRequest, ClaimRequest, GrantRequest } from "#protocol/claim.ts";
import type { RunId } from "#protocol/ids.ts";
import type { LedgerEntry, LedgerNote } from "#protocol/ledger-note.ts";
import type { RunStatus } from "#protocol/run-status.ts";
import { readSettings, type Settings } from "#protocol/settings.ts";
import { isSigned, sha256, signatureHeader, timestampHeader } from "#protocol/signature.ts";
import type { Target } from "#protocol/target.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import { Transition } from "#protocol/transition.ts";
import { admitClaim, answerAlive, answerGrant, foldInto, type Decided } from "#run/bridge-requests.ts";
import { claimAnswer } from "#run/claim-answer.ts";
import { noteAsset } from "#run/ledger.ts";
import { openRecord } from "#run/open.ts";
import type { RunRecord } from "#run/record.ts";
import type { Run } from "#run/run.ts";
import { cancel } from "#run/step.ts";
import { problem } from "../../../src/worker/problem.ts";

const defaults = readSettings({});

type Kept = {
  record: RunRecord;
  sql: string;
  hashes: Map<number, string>;
  /** Every visible version, oldest first. */
  versions: Run[];
};

/** How the edge misbehaves in one test; called before each request is answered. */
type Trouble = (request: {
  id: string;
  verb: string;
  body: string;
}) => "answer" | "refuse" | "lose-the-answer" | "call-malformed";

export type TestEdge = {
  url: string;
  /** How far its clock is ahead of this machine's, in milliseconds. */
  skewMs: number;
  trouble: Trouble;
  open(id: RunId, tenancy: Tenancy, sql: string, more?: { snippetName?: string; target?: Target; total?: true }): void;
  cancel(id: RunId): void;
  /** Loses a run's object, as if it had never existed. */
  lose(id: RunId): void;
  /** Adds a note to a run's ledger, as if an earlier bridge had reported it. */
  note(id: RunId, note: LedgerNote): void;
  run(id: RunId): Run;
  /** The run of an id, if there is one here. */
  known: (id: string) => Run | undefined;
  ledger(id: RunId): readonly LedgerEntry[];
  versions(id: RunId): readonly Run[];
  close(): Promise<void>;
};

/** Serves run objects over HTTP as the Worker does, built on src/run, without workerd. */
export async function openTestEdge(secret: string): Promise<TestEdge> {
  const kept = new Map<string, Kept>();
  const server = createServer(async (request, response) => {
    const { status, body } = await reply(request);
    if (status === 0) return response.destroy();
    response.writeHead(status, { "content-type": "application/json" });
    return response.end(JSON.stringify(body));
  });
  const edge: TestEdge = {
    url: await listen(server),
    skewMs: 0,
    trouble: () => "answer",
    open(id, tenancy, sql, more = {}) {
      const flow = more.target === undefined ? "run-to-temp" : "run-to-target";
      const request = { id, tenancy, flow, sql, notes: [], bodyHash: "", ...more } as const;
      const record = openRecord(request, Date.now(), settings());
      kept.set(id, { record, sql, hashes: new Map(), versions: [record.run] });
    },
    cancel(id) {
      const it = keptOf(id);
      save(it, { ...it.record, run: cancel(it.record.run, Date.now() + edge.skewMs) });
    },
    lose: (id) => void kept.delete(id),
    note(id, note) {
      const it = keptOf(id);
      save(it, { ...it.record, ledger: noteAsset(it.record.ledger, note) });
    },
    run: (id) => keptOf(id).record.run,
    known: (id) => kept.get(id)?.record.run,
    ledger: (id) => keptOf(id).record.ledger,
    versions: (id) => keptOf(id).versions,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return edge;

  function keptOf(id: string): Kept {
    const it = kept.get(id);
    if (it === undefined) throw new Error(`no run "${id}"`);
    return it;
  }

  /** No silence is needed before a claim: the next bridge of a test takes the run at once. */
  function settings(): Settings {
    return { ...defaults, silentMs: 0 };
  }

  async function reply(request: IncomingMessage): Promise<{ status: number; body?: unknown }> {
    const body = await read(request);
    const path = request.url ?? "";
    const [, id = "", verb = ""] = /^\/bridge\/runs\/([^/]+)\/([a-z]+)$/.exec(path) ?? [];
    const mood = edge.trouble({ id, verb, body });
    if (mood === "refuse") return { status: 503, body: {} };
    const now = Date.now() + edge.skewMs;
    const timestamp = String(request.headers[timestampHeader]);
    const signed = { method: "POST", path, timestamp, body };
    if (!(await isSigned([secret], signed, String(request.headers[signatureHeader]))))
      return said(problem("UNAUTHENTICATED", "The signature is wrong"));
    if (Math.abs(Number(timestamp) - now) > 60_000) return said(problem("CLOCK_SKEW", "Sign anew", { now }));
    const it = kept.get(id);
    if (it === undefined) return said(problem("RUN_NOT_FOUND", "No object knows it"));
    if (mood === "call-malformed") return malformed([{ path: "result.customerKey", message: "Too long" }]);
    const answer = await hear(it, verb, body, now, settings());
    return mood === "lose-the-answer" ? { status: 0 } : answer;
  }
}

async function hear(it: Kept, verb: string, body: string, now: number, settings: Settings) {
  const json: unknown = JSON.parse(body);
  switch (verb) {
    case "claim": {
      const admitted = admitClaim(it.record, ClaimRequest.parse(json), now, settings);
      if (admitted === undefined) return { status: 200, body: { ...claimAnswer(it.record, now), task: "none" } };
      save(it, admitted.record);
      return { status: 200, body: claimAnswer(it.record, now, it.sql) };
    }
    case "grant": {
      const answer = keep(it, answerGrant(it.record, GrantRequest.parse(json), now));
      return answer.kind === "stale-epoch" ? stale(answer) : { status: 200, body: answer.grant };
    }
    case "transitions": {
      const read = Transition.safeParse(json);
      if (!read.success)
        return malformed(read.error.issues.map(({ path, message }) => ({ path: path.join("."), message })));
      const hash = await sha256(body);
      const { resultTtlMs } = settings;
      const at = { now, hash, hashOf: (seq: number) => it.hashes.get(seq), resultTtlMs };
      const decided = foldInto(it.record, read.data, at);
      if (decided.changed !== undefined) it.hashes.set(read.data.seq, hash);
      const answer = keep(it, decided);
      if (answer.kind === "accepted") {
        const { status, version, seq } = answer;
        return { status: 200, body: { status, version, seq } };
      }
      const { why, status, seq } = answer;
      if (why === "stale-epoch") return stale(answer);
      return { status: 409, body: { code: why.toUpperCase().replaceAll("-", "_"), status, seq } };
    }
    default: {
      const answer = keep(it, answerAlive(it.record, AliveRequest.parse(json), now));
      return answer.kind === "stale-epoch" ? stale(answer) : { status: 200, body: { status: answer.status } };
    }
  }
}

function stale({ status }: { status: RunStatus }) {
  return { status: 403, body: { code: "STALE_EPOCH", status } };
}

function keep<A>(it: Kept, { answer, changed }: Decided<A>): A {
  if (changed !== undefined) save(it, changed);
  return answer;
}

/** As the Worker answers what it cannot read. */
function malformed(errors: { path: string; message: string }[]) {
  return said(problem("INVALID_BODY", "Another version", { errors }));
}

/** What the Worker answers without the run object. */
async function said(answer: Response): Promise<{ status: number; body: unknown }> {
  return { status: answer.status, body: await answer.json() };
}

function save(it: Kept, record: RunRecord): void {
  if (record.run.version > it.record.run.version) it.versions.push(record.run);
  it.record = record;
}

async function read(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    // A server that listens on a port has an AddressInfo, not a pipe's name.
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
