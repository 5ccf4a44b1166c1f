import { given } from "#lang/given.ts";
import { readJson } from "#lang/json.ts";
import { Hono } from "hono";
import type { z } from "zod";
import { AliveRequest, ClaimRequest, GrantRequest } from "#protocol/claim.ts";
import { sha256 } from "#protocol/signature.ts";
import type { Why } from "#run/step.ts";
import { Transition } from "#protocol/transition.ts";
import type { AppEnv } from "../app-types.ts";
import { checkBridge } from "../auth/bridge.ts";
import { problem } from "../problem.ts";
import { runStub, type RunStub } from "../watch/run-stub.ts";

/** A bridge's calls to a run object. Refusals carry the run's status, so that every answer shows a cancel (D8). */
export const bridgeRoutes = new Hono<AppEnv>();

bridgeRoutes.post("/:id/claim", (c) =>
  answerBridge(c.env, c.var.config, c.req.raw, c.req.param("id"), ClaimRequest, async (stub, ask) => {
    const answer = await stub.claim(ask);
    return answer && Response.json(answer);
  }),
);

bridgeRoutes.post("/:id/grant", (c) =>
  answerBridge(c.env, c.var.config, c.req.raw, c.req.param("id"), GrantRequest, async (stub, ask) => {
    const answer = await stub.grant(ask);
    return answer && (answer.kind === "stale-epoch" ? refusal("stale-epoch", answer) : Response.json(answer.grant));
  }),
);

bridgeRoutes.post("/:id/transitions", (c) =>
  answerBridge(c.env, c.var.config, c.req.raw, c.req.param("id"), Transition, async (stub, transition, body) => {
    const answer = await stub.apply(transition, await sha256(body));
    if (answer?.kind === "refused") return refusal(answer.why, answer);
    return answer && Response.json({ status: answer.status, version: answer.version, seq: answer.seq });
  }),
);

bridgeRoutes.post("/:id/alive", (c) =>
  answerBridge(c.env, c.var.config, c.req.raw, c.req.param("id"), AliveRequest, async (stub, ask) => {
    const answer = await stub.alive(ask);
    if (answer?.kind === "stale-epoch") return refusal("stale-epoch", answer);
    return answer && Response.json({ status: answer.status });
  }),
);

/** Answers a bridge with what `answer` gives, after a check of signature, clock and shape. */
async function answerBridge<T>(
  env: Env,
  config: AppEnv["Variables"]["config"],
  request: Request,
  id: string,
  shape: z.ZodType<T>,
  answer: (stub: RunStub, ask: T, body: string) => Promise<Response | undefined>,
): Promise<Response> {
  const check = await checkBridge(request, config, Date.now());
  if (check.kind === "unsigned") return problem("UNAUTHENTICATED", "The signature is missing or wrong");
  if (check.kind === "too-large") return problem("TOO_LARGE", `The body is over ${check.maxBytes} bytes`);
  if (check.kind === "skewed") return problem("CLOCK_SKEW", "Sign with the time in `now`", { now: check.now });
  const ask = shape.safeParse(readJson(check.body));
  if (!ask.success) {
    const errors = ask.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
    return problem("INVALID_BODY", "The bridge and the edge speak different versions", { errors });
  }
  const stub = runStub(env, id);
  const response = stub && (await answer(stub, ask.data, check.body));
  return response ?? problem("RUN_NOT_FOUND", `No object knows run "${id}"`);
}

function refusal(why: Why, facts: { status: string; seq?: number }): Response {
  const code = why.toUpperCase().replaceAll("-", "_");
  const { status, seq } = facts;
  return Response.json({ code, status, ...given({ seq }) }, { status: why === "stale-epoch" ? 403 : 409 });
}
