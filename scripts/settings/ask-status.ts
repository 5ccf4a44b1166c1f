import { SignJWT } from "jose";
import { ServiceStatus } from "#protocol/service-status.ts";
import type { Settings, Variables } from "./read-settings.ts";

const lifetime = "2 minutes";

/** How the service stands, or why nobody can say. */
export type StatusAnswer = { kind: "told"; status: ServiceStatus } | { kind: "untold"; why: string };

/**
 * Asks the Worker how the service stands.
 *
 * @param token an operator's key; in development one is signed with the Worker's JWT_SECRET when it is absent
 */
export async function askStatus(
  settings: Settings,
  token: string | undefined,
  signal: AbortSignal,
): Promise<StatusAnswer> {
  const edgeUrl = settings.bridge?.["EDGE_URL"];
  if (edgeUrl === undefined) return { kind: "untold", why: "EDGE_URL is not given" };
  const bearer = token ?? (await signOperator(settings.worker));
  if (bearer === undefined)
    return { kind: "untold", why: "SQE_TOKEN is not given; npm run admin -- operator-keys create makes one" };
  const answer = await fetch(`${edgeUrl.replace(/\/+$/, "")}/v1/admin/status`, {
    headers: { authorization: `Bearer ${bearer}` },
    signal,
  }).catch(() => undefined);
  if (answer === undefined) return { kind: "untold", why: "the Worker does not answer" };
  if (answer.status !== 200) return { kind: "untold", why: `the Worker answers ${answer.status}` };
  const status = ServiceStatus.safeParse(await answer.json().catch(() => undefined));
  if (!status.success) return { kind: "untold", why: "the Worker's answer is of another version" };
  return { kind: "told", status: status.data };
}

/** A token that lets an operator in for two minutes; a Worker outside development takes none. */
async function signOperator(worker: Variables | undefined): Promise<string | undefined> {
  const { JWT_SECRET: secret, JWT_ISSUER: issuer, JWT_AUDIENCE: audience, SQE_ENV: name } = worker ?? {};
  if (name !== "development" || !secret || !issuer || !audience) return undefined;
  return new SignJWT({ role: "operator" })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject("operator")
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(lifetime)
    .sign(new TextEncoder().encode(secret));
}
