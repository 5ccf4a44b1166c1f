import type { ClaimAnswer, GrantAnswer } from "#protocol/claim.ts";
import type { ClaimRequest, GrantRequest } from "#protocol/claim.ts";
import type { RunId } from "#protocol/ids.ts";
import type { RunStatus } from "#protocol/run.ts";
import { sign, signatureHeader, timestampHeader } from "#protocol/signature.ts";
import type { z } from "zod";
import { Refusal, StatusReply, readClaim, readGrant } from "./edge-answers.ts";
import { sleep } from "./sleep.ts";

/** What the run object says to a request of the bridge. */
export type EdgeAnswer<T> =
  | { kind: "ok"; value: T }
  /** No such run, or purged. */
  | { kind: "unknown-run" }
  /** A newer claim exists: this bridge must stop and delete nothing (D5). */
  | { kind: "stale" }
  /** 409: the transition does not fit; `seq` is the last one the object has. */
  | { kind: "refused"; code: string; status: RunStatus; seq: number }
  /** No answer within the patience, or none that makes sense. */
  | { kind: "unreachable"; why: string };

/** How long to keep asking, and what cuts it short. */
type Patience = { patienceMs: number; signal?: AbortSignal };

/** The run objects, as the bridge sees them: four signed requests, each safe to repeat. */
export type Edge = {
  claim(id: RunId, request: ClaimRequest, patience: Patience): Promise<EdgeAnswer<ClaimAnswer>>;
  grant(id: RunId, request: GrantRequest, patience: Patience): Promise<EdgeAnswer<GrantAnswer>>;
  /** Sends one transition; `body` is its JSON, the same text each time, because the object compares hashes. */
  send(id: RunId, body: string, patience: Patience): Promise<EdgeAnswer<{ status: RunStatus }>>;
  alive(id: RunId, epoch: number, patience: Patience): Promise<EdgeAnswer<{ status: RunStatus }>>;
};

export type EdgeDeps = {
  url: string;
  secret: string;
  fetch: typeof fetch;
  /** This machine's clock, epoch milliseconds. */
  now: () => number;
  retryMinMs: number;
  retryMaxMs: number;
  timeoutMs: number;
};

type Reply = { httpStatus: number; body: unknown };

/** Opens the door to the edge. It learns the edge's clock from a CLOCK_SKEW refusal and keeps that for all requests. */
export function openEdge(deps: EdgeDeps): Edge {
  let skewMs = 0;

  async function post(path: string, body: string, signal?: AbortSignal): Promise<Reply> {
    const url = new URL(deps.url + path);
    const timestamp = String(Math.round(deps.now() + skewMs));
    const signature = await sign(deps.secret, { method: "POST", path: url.pathname, timestamp, body });
    const timeout = AbortSignal.timeout(deps.timeoutMs);
    const headers = {
      "content-type": "application/json",
      [timestampHeader]: timestamp,
      [signatureHeader]: signature,
    };
    const cut = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    const response = await deps.fetch(url, { method: "POST", headers, body, signal: cut });
    return { httpStatus: response.status, body: parse(await response.text()) };
  }

  /** Once more after a CLOCK_SKEW, by the edge's own time. */
  async function postInTime(path: string, body: string, signal?: AbortSignal): Promise<Reply> {
    const first = await post(path, body, signal);
    const refusal = first.httpStatus === 401 ? Refusal.safeParse(first.body).data : undefined;
    if (refusal?.code !== "CLOCK_SKEW" || refusal.now === undefined) return first;
    skewMs = refusal.now - deps.now();
    return post(path, body, signal);
  }

  async function ask<T>(
    path: string,
    body: string,
    read: (body: unknown) => T | undefined,
    patience: Patience,
  ): Promise<EdgeAnswer<T>> {
    const giveUpAt = deps.now() + patience.patienceMs;
    let why = "no answer";
    for (let pause = deps.retryMinMs; ; pause = Math.min(pause * 2, deps.retryMaxMs)) {
      try {
        const answer = understand(await postInTime(path, body, patience.signal), read);
        if (answer.kind !== "unreachable") return answer;
        why = answer.why;
      } catch {
        // Network errors quote hosts and ports only, but say nothing a reader of the log could use.
        why = "the connection failed";
      }
      const isSpent = deps.now() + pause > giveUpAt;
      if (isSpent || !(await sleep(pause, patience.signal))) return { kind: "unreachable", why };
    }
  }

  const at = (id: RunId, verb: string) => `/bridge/runs/${id}/${verb}`;
  return {
    claim: (id, request, patience) => ask(at(id, "claim"), JSON.stringify(request), readClaim, patience),
    grant: (id, request, patience) => ask(at(id, "grant"), JSON.stringify(request), readGrant, patience),
    send: (id, body, patience) => ask(at(id, "transitions"), body, (reply) => read(StatusReply, reply), patience),
    alive: (id, epoch, patience) =>
      ask(at(id, "alive"), JSON.stringify({ epoch }), (reply) => read(StatusReply, reply), patience),
  };
}

function understand<T>(reply: Reply, readValue: (body: unknown) => T | undefined): EdgeAnswer<T> {
  const { httpStatus, body } = reply;
  if (httpStatus === 200) {
    const value = readValue(body);
    return value === undefined ? { kind: "unreachable", why: "an answer of another shape" } : { kind: "ok", value };
  }
  const refusal = read(Refusal, body);
  if (httpStatus === 403 && refusal?.code === "STALE_EPOCH") return { kind: "stale" };
  // A bare 404 is some other server, or a Worker that is just being replaced.
  if (httpStatus === 404 && refusal !== undefined) return { kind: "unknown-run" };
  if (httpStatus === 409 && refusal?.status !== undefined && refusal.seq !== undefined) {
    return { kind: "refused", code: refusal.code, status: refusal.status, seq: refusal.seq };
  }
  return { kind: "unreachable", why: `HTTP ${httpStatus}` };
}

function read<T>(schema: z.ZodType<T>, body: unknown): T | undefined {
  return schema.safeParse(body).data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
