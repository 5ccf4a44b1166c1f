import { oauthError, unknownClient } from "./auth/oauth-error.ts";
import type { Fault, FaultKindName } from "./faults.ts";
import { type Call, json, parseJson, plain, type Reply } from "./http.ts";
import { insufficient, notAuthorized, restError } from "./rest/errors.ts";
import { faultAnswer, type FaultKind } from "./soap/envelope.ts";
import { refusedAnswer } from "./soap/refused-answer.ts";
import { permissionFailed } from "./soap/scopes.ts";
import type { World } from "./world.ts";

/** The reply of a fault in place of the real one; undefined when it only delays, drops, cuts or repeats. */
export function faultReply(world: World, call: Call, fault: Fault): Reply | undefined {
  const { as, status, body, headers } = fault;
  if (as === undefined && status === undefined && body === undefined) return undefined;
  const reply = as === undefined ? literal(status ?? 200, body ?? "") : inProtocol(world, call, as, fault.text);
  return { ...reply, status: status ?? reply.status, headers: { ...reply.headers, ...headers } };
}

function literal(status: number, body: NonNullable<Fault["body"]>): Reply {
  if (typeof body !== "string") return json(status, body);
  const reply = plain(status, body);
  if (!body.trimStart().startsWith("<")) return reply;
  return { ...reply, headers: { "content-type": "text/xml; charset=utf-8" } };
}

function inProtocol(world: World, call: Call, as: FaultKindName, text: string | undefined): Reply {
  if (call.name.startsWith("SOAP ")) {
    const version = call.soapVersion ?? "1.1";
    if (as === "no-scope") return refusedAnswer(call.name, version, text ?? permissionFailed, world.clock.now());
    const known = soapFaults[as];
    return faultAnswer(version, world.url, { ...known, message: text ?? known.message }, world.clock.now(), 500);
  }
  return call.name === "AUTH token"
    ? saying(tokenReply(as), "error_description", text)
    : saying(restReply(as), "message", text);
}

function saying(reply: Reply, member: string, text: string | undefined): Reply {
  // Both kinds of replies are JSON objects.
  const body = parseJson(reply.body) as Record<string, unknown>;
  return text === undefined ? reply : { ...reply, body: JSON.stringify({ ...body, [member]: text }) };
}

/** Faults of MCE 2.5. */
const soapFaults: Record<Exclude<FaultKindName, "no-scope">, FaultKind> = {
  throttled: { code: "server", serverCode: 17, message: "Rate Limited" },
  blocked: {
    code: "server",
    serverCode: 9,
    message: "Member: [1001] is in maintenance. Request was not processed.",
  },
  "token-expired": { code: "security", message: "Token Expired" },
  "login-failed": { code: "security", message: "Login Failed" },
  "server-error": { code: "server", serverCode: 2, message: "Exception occurred during [Sandbox] ErrorID: 0" },
};

/** Answers of MCE 1.4 and 2.6. */
function restReply(as: FaultKindName): Reply {
  switch (as) {
    case "throttled": {
      const body = { message: "Rate limit exceeded", errorcode: 50_100, documentation: "", retryAfter: 5 };
      return json(429, body, { "retry-after": "5" });
    }
    case "blocked":
      return restError(429, "Your requests are temporarily blocked.", 50_200);
    case "token-expired":
    case "login-failed":
      return notAuthorized;
    case "no-scope":
      return insufficient;
    case "server-error":
      return restError(500, "Internal Server Error");
  }
}

/** The token endpoint speaks OAuth; only throttling is the same everywhere. */
function tokenReply(as: FaultKindName): Reply {
  switch (as) {
    case "throttled":
    case "blocked":
      return restReply(as);
    case "token-expired":
      return oauthError(400, "invalid_grant", "The refresh token is invalid or has expired.");
    case "login-failed":
      return unknownClient;
    case "no-scope":
      return oauthError(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.");
    case "server-error":
      return oauthError(500, "server_error", "The authorization server encountered an unexpected condition.");
  }
}
