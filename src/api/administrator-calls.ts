import { z } from "zod";
import { StorableText } from "#protocol/storable-text.ts";
import { call } from "./call.ts";

const tag = "Administrators";
const moment = z.iso.datetime();
const bodyProblems = { INVALID_JSON: true, TOO_LARGE: true, INVALID_BODY: true } as const;

const Subdomain = z
  .string()
  .regex(/^[a-z0-9-]{1,63}$/, "The part before .auth.marketingcloudapis.com")
  .meta({ description: "The part before `.auth.marketingcloudapis.com`" });
const Mids = z.array(z.int().positive()).min(1).max(50).meta({ description: "The business units that it is for" });
const Name = StorableText.min(1).max(200);
const Secret = z.string().min(1).max(500);

/** A server-to-server package in a list. */
export const ConnectionShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    subdomain: z.string(),
    clientId: z.string(),
    mids: z.array(z.int()),
    createdAt: moment,
  })
  .meta({ id: "Connection" });

const refusedConnection = {
  CONNECTION_REFUSED: "`errors` says for each business unit what is missing; nothing was stored",
  MCE_BUSY: "Marketing Cloud does not answer, so nobody can say; nothing was stored",
} as const;

/** `GET /v1/connections`. */
export const listConnections = call({
  method: "get",
  path: "/v1/connections",
  tag,
  summary: "List the server-to-server packages of the tenant",
  access: "administrator",
  answers: { 200: { description: "Newest first", body: z.object({ connections: z.array(ConnectionShape) }) } },
  problems: {},
});

/** `POST /v1/connections`. */
export const createConnection = call({
  method: "post",
  path: "/v1/connections",
  tag,
  summary: "Add a server-to-server package. It is tried in each business unit before it is stored",
  access: "administrator",
  body: z.strictObject({
    name: Name,
    subdomain: Subdomain,
    clientId: StorableText.min(1).max(200),
    clientSecret: Secret,
    mids: Mids,
  }),
  answers: { 201: { description: "It works, and is stored; its secret never comes back", body: ConnectionShape } },
  problems: { ...bodyProblems, ...refusedConnection },
});

/** `PATCH /v1/connections/{id}`. */
export const changeConnection = call({
  method: "patch",
  path: "/v1/connections/{id}",
  tag,
  summary: "Change a package's name, secret or business units. What it signs in with is tried first",
  access: "administrator",
  params: z.object({ id: z.string() }),
  body: z.strictObject({ name: Name.optional(), clientSecret: Secret.optional(), mids: Mids.optional() }),
  answers: { 200: { description: "As it is now", body: ConnectionShape } },
  problems: { ...bodyProblems, ...refusedConnection, CONNECTION_NOT_FOUND: true },
});

/** `DELETE /v1/connections/{id}`. */
export const revokeConnection = call({
  method: "delete",
  path: "/v1/connections/{id}",
  tag,
  summary: "Remove a package with its secret. Keys and runs that use it end within a minute",
  access: "administrator",
  params: z.object({ id: z.string() }),
  answers: { 204: { description: "It is gone" } },
  problems: { CONNECTION_NOT_FOUND: true },
});

const Role = z.enum(["member", "administrator"]);

/** Somebody who has signed in, or came with a token of a trusted issuer. */
export const MemberShape = z
  .object({
    id: z.string(),
    name: z.string().optional(),
    email: z.string().optional(),
    role: Role,
    active: z.boolean(),
    lastSeenAt: moment.optional(),
  })
  .meta({ id: "Member" });

/** `GET /v1/members`. */
export const listMembers = call({
  method: "get",
  path: "/v1/members",
  tag,
  summary: "List the people who have signed in, or came with a token of a trusted issuer",
  access: "administrator",
  answers: { 200: { description: "By id", body: z.object({ members: z.array(MemberShape) }) } },
  problems: {},
});

/** `PATCH /v1/members/{id}`. */
export const changeMember = call({
  method: "patch",
  path: "/v1/members/{id}",
  tag,
  summary: "Change somebody's role, or keep somebody out: within 5 minutes, whatever they show",
  access: "administrator",
  params: z.object({ id: z.string() }),
  body: z.strictObject({ role: Role.optional(), active: z.boolean().optional() }),
  answers: { 200: { description: "As it is now", body: MemberShape } },
  problems: { ...bodyProblems, MEMBER_NOT_FOUND: true, LAST_ADMINISTRATOR: "it would be left without an active one" },
});

/** The tenant and its settings. */
export const TenantShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    mcp: z.boolean().meta({ description: "Assistants may ask (MCP); rows then leave for somebody's language model" }),
  })
  .meta({ id: "Tenant" });

/** `GET /v1/tenant`. */
export const readTenant = call({
  method: "get",
  path: "/v1/tenant",
  tag: "Account",
  summary: "The tenant's settings",
  access: "user",
  answers: { 200: { description: "As they are", body: TenantShape } },
  problems: {},
});

/** `PATCH /v1/tenant`. */
export const changeTenant = call({
  method: "patch",
  path: "/v1/tenant",
  tag,
  summary: "Change the tenant's settings",
  access: "administrator",
  body: z.strictObject({ mcp: z.boolean().optional() }),
  answers: { 200: { description: "As they are now", body: TenantShape } },
  problems: bodyProblems,
});

/** Something that was done. */
export const AuditEntryShape = z
  .object({
    id: z.int(),
    at: moment,
    actor: z.enum(["user", "operator", "system"]),
    userId: z.string(),
    action: z.string(),
    mid: z.int().optional(),
    runId: z.string().optional(),
    detail: z.unknown().optional().meta({ description: "Ids, names of settings and counts" }),
  })
  .meta({ id: "AuditEntry" });

/** `GET /v1/audit`. */
export const listAudit = call({
  method: "get",
  path: "/v1/audit",
  tag,
  summary: "Who did what in the tenant, newest first; kept for 400 days",
  access: "administrator",
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z
      .string()
      .regex(/^[1-9]\d{0,14}$/)
      .transform(Number)
      .optional()
      .meta({ description: "`cursor` of the page before" }),
  }),
  answers: {
    200: {
      description: "A page; the last one has no `cursor`",
      body: z.object({
        entries: z.array(AuditEntryShape),
        cursor: z.string().optional(),
      }),
    },
  },
  problems: { INVALID_BODY: "`limit` is not 1 to 200, or `cursor` is no cursor of this list" },
});
