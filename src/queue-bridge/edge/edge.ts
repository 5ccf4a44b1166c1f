import { readJson } from "#lang/json.ts";
import { repeat } from "#async/backoff.ts";
import type { Platform } from "#async/platform.ts";
import { ClaimAnswer, GrantAnswer, type ClaimRequest, type GrantRequest } from "#protocol/claim.ts";
import type { RunId } from "#protocol/ids.ts";
import type { RunStatus } from "#protocol/run-status.ts";
import { Transition } from "#protocol/transition.ts";
import type { z } from "zod";
import { Complaint, Refusal, StatusReply } from "#protocol/bridge-answers.ts";
import type { Reply, SignedPost } from "./signed-post.ts";

/** The run object's answer to a request of the bridge. */
export type EdgeAnswer<T> =
  | { kind: "ok"; value: T }
  /** There is no such run, or it was purged. */
  | { kind: "unknown-run" }
  /** A newer claim exists: this bridge must stop and delete nothing (D5). */
  | { kind: "stale" }
  /** 409: the transition does not fit; `seq` is the last one the object has. */
  | { kind: "refused"; code: string; status: RunStatus; seq: number }
  /** The edge cannot read the request and never will; `what` names the members concerned. */
  | { kind: "malformed"; what: string }
  /** No valid answer before the deadline. */
  | { kind: "unreachable"; why: string };

/** How long to retry, and what stops it earlier. */
type Patience = { patienceMs: number; signal?: AbortSignal };

/** One request to the edge, without its content. */
export type EdgeCall = {
  verb: "claim" | "grant" | "transitions" | "alive" | "probe";
  outcome: EdgeAnswer<unknown>["kind"];
};

/** The run objects, as the bridge sees them: four signed requests, each safe to repeat. */
export type Edge = {
  claim(id: RunId, request: ClaimRequest, patience: Patience): Promise<EdgeAnswer<ClaimAnswer>>;
  grant(id: RunId, request: GrantRequest, patience: Patience): Promise<EdgeAnswer<GrantAnswer>>;
  /**
   * Sends one transition; `body` is its JSON, the same text each time, because the object compares hashes. A body that is
   * not a transition is `malformed` without a request.
   */
  send(id: RunId, body: string, patience: Patience): Promise<EdgeAnswer<{ status: RunStatus }>>;
  alive(id: RunId, epoch: number, patience: Patience): Promise<EdgeAnswer<{ status: RunStatus }>>;
};

/** What tells whether the edge is there. */
export type EdgeProbe = {
  /** Asks once whether the edge answers and takes this bridge's signature. It wakes no object and asks no database. */
  probe(): Promise<EdgeAnswer<unknown>>;
};

export type EdgeDeps = {
  post: SignedPost;
  platform: Pick<Platform, "now" | "sleep">;
  retryMinMs: number;
  retryMaxMs: number;
  /** Called for each request that was sent. */
  onCall?: (call: EdgeCall) => void;
};

/** No run's id, so the edge answers without an object. */
const noRun = "none";

/** Opens the client of the edge. */
export function openEdge(deps: EdgeDeps): Edge & EdgeProbe {
  const { retryMinMs, retryMaxMs, platform, post } = deps;

  async function ask<T>(to: To, body: string, shape: z.ZodType<T>, patience: Patience): Promise<EdgeAnswer<T>> {
    return repeat<EdgeAnswer<T>>(platform, { retryMinMs, retryMaxMs, ...patience }, async () => {
      const answer = await post(to.path, body, patience.signal).then(
        (reply) => understand(reply, shape),
        // Network errors quote only hosts and ports, which do not help a reader of the log.
        () => ({ kind: "unreachable", why: "the connection failed" }) as const,
      );
      deps.onCall?.({ verb: to.verb, outcome: answer.kind });
      return { kind: answer.kind === "unreachable" ? "again" : "done", value: answer };
    });
  }

  return {
    claim: (id, request, patience) => ask(at(id, "claim"), JSON.stringify(request), ClaimAnswer, patience),
    grant: (id, request, patience) => ask(at(id, "grant"), JSON.stringify(request), GrantAnswer, patience),
    async send(id, body, patience) {
      const transition = Transition.safeParse(readJson(body));
      if (!transition.success) return malformed(transition.error.issues.map(({ path }) => path.join(".")));
      return ask(at(id, "transitions"), body, StatusReply, patience);
    },
    alive: (id, epoch, patience) => ask(at(id, "alive"), JSON.stringify({ epoch }), StatusReply, patience),
    probe: () => {
      const to: To = { path: at(noRun, "alive").path, verb: "probe" };
      return ask(to, JSON.stringify({ epoch: 1 }), StatusReply, { patienceMs: 0 });
    },
  };
}

/** Where a request goes, and what it is counted as. */
type To = { path: string; verb: EdgeCall["verb"] };

function at(id: string, verb: EdgeCall["verb"]): To {
  return { path: `/bridge/runs/${id}/${verb}`, verb };
}

function understand<T>(reply: Reply, shape: z.ZodType<T>): EdgeAnswer<T> {
  const { httpStatus, body } = reply;
  if (httpStatus === 200) {
    const value = read(shape, body);
    return value === undefined ? { kind: "unreachable", why: "an answer of another shape" } : { kind: "ok", value };
  }
  const refusal = read(Refusal, body);
  if (httpStatus === 403 && refusal?.code === "STALE_EPOCH") return { kind: "stale" };
  // A bare 404 comes from some other server, or from a Worker that is being replaced.
  if (httpStatus === 404 && refusal !== undefined) return { kind: "unknown-run" };
  if (httpStatus === 409 && refusal?.status !== undefined && refusal.seq !== undefined) {
    return { kind: "refused", code: refusal.code, status: refusal.status, seq: refusal.seq };
  }
  if (httpStatus === 422 || httpStatus === 413) {
    return malformed(read(Complaint, body)?.errors.map(({ path }) => path) ?? []);
  }
  return { kind: "unreachable", why: `HTTP ${httpStatus}` };
}

/** @param paths of the members; other texts from the edge are dropped */
function malformed(paths: readonly string[]): { kind: "malformed"; what: string } {
  const names = paths.filter((path) => /^[A-Za-z0-9]+(\.[A-Za-z0-9]+)*$/.test(path)).slice(0, 3);
  return { kind: "malformed", what: names.join(", ") || "the whole" };
}

function read<T>(schema: z.ZodType<T>, body: unknown): T | undefined {
  return schema.safeParse(body).data;
}
