import type { Fault, FaultKindName } from "./faults.ts";
import { json, plain, type Reply } from "./http.ts";
import { notAuthorized, restError } from "./rest/errors.ts";
import { faultAnswer, type FaultKind } from "./soap/envelope.ts";
import type { World } from "./world.ts";

/** What a fault answers in place of the work; undefined when it only delays, drops, cuts or repeats. */
export function faultReply(world: World, call: string, fault: Fault): Reply | undefined {
  const { as, status, body, headers } = fault;
  if (as === undefined && status === undefined && body === undefined) return undefined;
  const reply = as === undefined ? literal(status ?? 200, body ?? "") : inProtocol(world, call, as);
  return { ...reply, status: status ?? reply.status, headers: { ...reply.headers, ...headers } };
}

function literal(status: number, body: NonNullable<Fault["body"]>): Reply {
  if (typeof body !== "string") return json(status, body);
  const reply = plain(status, body);
  if (!body.trimStart().startsWith("<")) return reply;
  return { ...reply, headers: { "content-type": "text/xml; charset=utf-8" } };
}

function inProtocol(world: World, call: string, as: FaultKindName): Reply {
  return call.startsWith("SOAP ") ? soapReply(world, as) : restReply(as);
}

/** Faults of FACTS 2.5; the throttling text's beginning is documented, its end is not. */
const soapFaults: Record<FaultKindName, FaultKind> = {
  throttled: { code: "server", serverCode: 17, message: "There has been an abnormal spike in your call volume." },
  "token-expired": { code: "security", message: "Token Expired" },
  "login-failed": { code: "security", message: "Login Failed" },
  "server-error": { code: "server", serverCode: 2, message: "Exception occurred during [Sandbox] ErrorID: 0" },
};

function soapReply(world: World, as: FaultKindName): Reply {
  return faultAnswer("1.1", world.url, soapFaults[as], world.clock.now(), 500);
}

/** Answers of FACTS 1.4 and 2.6. */
function restReply(as: FaultKindName): Reply {
  switch (as) {
    case "throttled": {
      const body = { message: "Rate limit exceeded", errorcode: 50_100, documentation: "", retryAfter: 5 };
      return json(429, body, { "retry-after": "5" });
    }
    case "token-expired":
    case "login-failed":
      return notAuthorized;
    case "server-error":
      return restError(500, "Internal Server Error");
  }
}
