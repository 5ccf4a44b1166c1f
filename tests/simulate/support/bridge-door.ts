import { AliveRequest, ClaimRequest, GrantRequest, type ClaimAnswer } from "#protocol/claim.ts";
import { Transition } from "#protocol/transition.ts";
import { admitClaim, answerAlive, answerGrant, type Decided } from "#run/bridge-requests.ts";
import { claimAnswer } from "#run/claim-answer.ts";
import type { RunRecord } from "#run/record.ts";
import type { DueDeps } from "../../../src/run-object/due.ts";
import { foldTransition } from "../../../src/run-object/fold.ts";

/** What a bridge is answered: an HTTP status and a body, as the Worker makes them of the object's answer. */
export type BridgeReply = { httpStatus: number; body: unknown };

/** Answers a bridge's request, as the Worker and the object do. */
export function answerBridge(live: DueDeps, record: RunRecord, verb: string, body: string): BridgeReply {
  const json: unknown = JSON.parse(body);
  const keep = <A>({ answer, changed, visible }: Decided<A>): A => {
    if (changed !== undefined) live.keeper.commit(changed, visible);
    return answer;
  };
  switch (verb) {
    case "claim":
      return { httpStatus: 200, body: claimOf(live, record, ClaimRequest.parse(json)) };
    case "grant": {
      const answer = keep(answerGrant(record, GrantRequest.parse(json), live.now()));
      return answer.kind === "stale-epoch" ? stale(answer) : { httpStatus: 200, body: answer.grant };
    }
    case "transitions": {
      const answer = foldTransition(live, Transition.parse(json), body);
      if (answer === undefined) return { httpStatus: 404, body: { code: "RUN_NOT_FOUND" } };
      const { status, seq } = answer;
      if (answer.kind === "accepted") return { httpStatus: 200, body: { status, version: answer.version, seq } };
      const code = answer.why.toUpperCase().replaceAll("-", "_");
      return { httpStatus: answer.why === "stale-epoch" ? 403 : 409, body: { code, status, seq } };
    }
    default: {
      const answer = keep(answerAlive(record, AliveRequest.parse(json), live.now()));
      return answer.kind === "stale-epoch" ? stale(answer) : { httpStatus: 200, body: { status: answer.status } };
    }
  }
}

function claimOf(live: DueDeps, record: RunRecord, ask: ClaimRequest): ClaimAnswer {
  const admitted = admitClaim(record, ask, live.now(), live.settings);
  if (admitted === undefined) return { ...claimAnswer(record, live.now()), task: "none" };
  live.keeper.commit(admitted.record, admitted.visible);
  const { run } = admitted.record;
  live.log("run claimed", { runId: run.id, epoch: run.epoch, status: run.status });
  return claimAnswer(admitted.record, live.now(), admitted.record.sealedSql);
}

function stale({ status }: { status: string }): BridgeReply {
  return { httpStatus: 403, body: { code: "STALE_EPOCH", status } };
}
