import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AliveRequest, ClaimRequest, GrantRequest, claim, grantPerform } from "#protocol/claim.ts";
import type { ClaimAnswer } from "#protocol/claim.ts";
import type { RunId } from "#protocol/ids.ts";
import type { LedgerEntry, LedgerNote } from "#protocol/ledger.ts";
import { noteAsset, owedAssets } from "#protocol/ledger.ts";
import { customerKeyOf } from "#protocol/names.ts";
import type { Run } from "#protocol/run.ts";
import { isOver, keepsTable, newRun } from "#protocol/run.ts";
import { isSigned, sha256, signatureHeader, timestampHeader } from "#protocol/signature.ts";
import { cancel, step } from "#protocol/step.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { Target } from "#protocol/target.ts";
import { Transition } from "#protocol/transition.ts";
import { problem } from "../../../src/worker/problem.ts";

type Record = {
  run: Run;
  sql: string;
  ledger: readonly LedgerEntry[];
  hashes: Map<number, string>;
  /** Every visible version, oldest first. */
  versions: Run[];
};

/** How the edge misbehaves, for one test; each is called before a request is answered. */
type Trouble = (request: {
  id: string;
  verb: string;
  body: string;
}) => "answer" | "refuse" | "lose-the-answer" | "call-malformed";

export type TestEdge = {
  url: string;
  /** Milliseconds by which its clock is ahead of this machine's. */
  skewMs: number;
  trouble: Trouble;
  resultTtlMs: number;
  open(id: RunId, tenancy: Tenancy, sql: string, more?: { snippetName?: string; target?: Target }): void;
  cancel(id: RunId): void;
  /** Loses a run's object, as if it had never been. */
  lose(id: RunId): void;
  /** Puts a note into a run's ledger, as if an earlier bridge had told it. */
  note(id: RunId, note: LedgerNote): void;
  run(id: RunId): Run;
  /** The run of an id, if there is one here. */
  known: (id: string) => Run | undefined;
  ledger(id: RunId): readonly LedgerEntry[];
  versions(id: RunId): readonly Run[];
  close(): Promise<void>;
};

/** A run's objects over HTTP, made of the protocol's own functions: what the Worker serves, without workerd around it. */
export async function openTestEdge(secret: string): Promise<TestEdge> {
  const records = new Map<string, Record>();
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
    resultTtlMs: 86_400_000,
    open(id, tenancy, sql, more = {}) {
      const flow = more.target === undefined ? "run-to-temp" : "run-to-target";
      const run = newRun({ id, tenancy, flow, createdAt: Date.now(), ...more });
      records.set(id, { run, sql, ledger: [], hashes: new Map(), versions: [run] });
    },
    cancel(id) {
      const record = recordOf(id);
      save(record, cancel(record.run, Date.now() + edge.skewMs));
    },
    lose: (id) => void records.delete(id),
    note(id, note) {
      const record = recordOf(id);
      record.ledger = noteAsset(record.ledger, note);
    },
    run: (id) => recordOf(id).run,
    known: (id) => records.get(id)?.run,
    ledger: (id) => recordOf(id).ledger,
    versions: (id) => recordOf(id).versions,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return edge;

  function recordOf(id: string): Record {
    const record = records.get(id);
    if (record === undefined) throw new Error(`no run "${id}"`);
    return record;
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
    const record = records.get(id);
    if (record === undefined) return said(problem("RUN_NOT_FOUND", "No object knows it"));
    if (mood === "call-malformed") return malformed([{ path: "result.customerKey", message: "Too long" }]);
    const answer = await hear(record, verb, body, { now, resultTtlMs: edge.resultTtlMs });
    return mood === "lose-the-answer" ? { status: 0 } : answer;
  }
}

async function hear(record: Record, verb: string, body: string, at: { now: number; resultTtlMs: number }) {
  const { now } = at;
  const json: unknown = JSON.parse(body);
  const { status } = record.run;
  const stale = { status: 403, body: { code: "STALE_EPOCH", status } };
  switch (verb) {
    case "claim": {
      save(record, claim(record.run, ClaimRequest.parse(json).claimId, now).run);
      if (record.run.status === "running") intend(record);
      return { status: 200, body: claimAnswer(record, now) };
    }
    case "grant": {
      const ask = GrantRequest.parse(json);
      if (ask.epoch !== record.run.epoch) return stale;
      const decision = grantPerform(record.run, ask, now);
      if (decision.kind === "granted") record.run = decision.run;
      const grant = decision.kind === "refused" ? {} : { grant: decision.grant };
      return { status: 200, body: { answer: decision.kind, status, now, ...grant } };
    }
    case "transitions": {
      const read = Transition.safeParse(json);
      if (!read.success)
        return malformed(read.error.issues.map(({ path, message }) => ({ path: path.join("."), message })));
      const transition = read.data;
      const hash = await sha256(body);
      const next = step(record.run, transition, { ...at, hash, hashOf: (seq) => record.hashes.get(seq) });
      const { seq } = record.run;
      if (next.kind === "refused" && next.why === "stale-epoch") return stale;
      if (next.kind === "refused") {
        return { status: 409, body: { code: next.why.toUpperCase().replaceAll("-", "_"), status, seq } };
      }
      if (next.kind === "moved") {
        record.hashes.set(transition.seq, hash);
        if (next.note !== undefined) record.ledger = noteAsset(record.ledger, next.note);
        save(record, next.run);
      }
      return { status: 200, body: { status: record.run.status, version: record.run.version, seq: record.run.seq } };
    }
    default:
      if (AliveRequest.parse(json).epoch !== record.run.epoch) return stale;
      return { status: 200, body: { status } };
  }
}

/** As the Worker answers what it cannot read. */
function malformed(errors: { path: string; message: string }[]) {
  return said(problem("INVALID_BODY", "Another version", { errors }));
}

/** What the Worker answers where it has no word of the run object to pass on. */
async function said(answer: Response): Promise<{ status: number; body: unknown }> {
  return { status: answer.status, body: await answer.json() };
}

function intend(record: Record): void {
  const { attempt = 1 } = record.run;
  const customerKey = customerKeyOf(record.run.id, attempt);
  const makesTable = record.run.flow === "run-to-temp";
  for (const asset of makesTable ? (["queryDefinition", "dataExtension"] as const) : (["queryDefinition"] as const)) {
    record.ledger = noteAsset(record.ledger, { state: "intended", asset, attempt, customerKey });
  }
}

function claimAnswer({ run, sql, ledger }: Record, now: number): ClaimAnswer {
  const { epoch, seq, status, tenancy, grant, columns, attempt, id, flow, createdAt, snippetName, target } = run;
  const owed = owedAssets(ledger, run, now).length > 0;
  const task = isOver(status) ? (owed ? "cleanup" : "none") : "run";
  const optional = {
    ...(snippetName === undefined ? {} : { snippetName }),
    ...(target === undefined ? {} : { target }),
  };
  return {
    epoch,
    seq,
    status,
    task,
    ledger,
    tenancy,
    now,
    ...(grant === undefined ? {} : { grant }),
    ...(attempt === undefined ? {} : { attempt }),
    ...(keepsTable(run) ? { keepsTable: true } : {}),
    ...(columns === undefined ? {} : { columns }),
    ...(task === "run" ? { spec: { id, sql, flow, tenancy, createdAt, ...optional } } : {}),
  };
}

function save(record: Record, run: Run): void {
  if (run.version > record.run.version) record.versions.push(run);
  record.run = run;
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
