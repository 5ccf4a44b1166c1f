import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

// Mirrors migrations/*.sql, which are authoritative; a test compares the two column by column.
const sqe = pgSchema("sqe");
const id = (name: string) => bigint(name, { mode: "number" });
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const tenants = sqe.table("tenants", {
  id: uuid("id").primaryKey(),
  eid: id("eid").notNull(),
  name: text("name").notNull(),
  createdAt: moment("created_at").notNull(),
  slug: text("slug"),
  subdomain: text("subdomain"),
  mcp: boolean("mcp").notNull(),
  active: boolean("active").notNull(),
});

export const connections = sqe.table("connections", {
  id: uuid("id").primaryKey(),
  tenantId: uuid("tenant_id").notNull(),
  eid: id("eid").notNull(),
  mids: id("mids").array().notNull(),
  subdomain: text("subdomain").notNull(),
  clientId: text("client_id").notNull(),
  clientSecret: text("client_secret").notNull(),
  refreshToken: text("refresh_token"),
  version: integer("version").notNull(),
  createdAt: moment("created_at").notNull(),
  name: text("name"),
  createdBy: text("created_by"),
});

export const users = sqe.table(
  "users",
  {
    tenantId: uuid("tenant_id").notNull(),
    userId: text("user_id").notNull(),
    name: text("name"),
    email: text("email"),
    role: text("role", { enum: ["member", "administrator"] }).notNull(),
    active: boolean("active").notNull(),
    createdAt: moment("created_at").notNull(),
    lastSeenAt: moment("last_seen_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.userId] })],
);

export const issuers = sqe.table("issuers", {
  id: uuid("id").primaryKey(),
  tenantId: uuid("tenant_id").notNull(),
  issuer: text("issuer").notNull(),
  audience: text("audience").notNull(),
  jwksUrl: text("jwks_url").notNull(),
  createdAt: moment("created_at").notNull(),
});

export const apiKeys = sqe.table("api_keys", {
  id: uuid("id").primaryKey(),
  tenantId: uuid("tenant_id").notNull(),
  userId: text("user_id").notNull(),
  mid: id("mid").notNull(),
  connectionId: uuid("connection_id").notNull(),
  keyHash: text("key_hash").notNull(),
  createdAt: moment("created_at").notNull(),
  revokedAt: moment("revoked_at"),
  keyId: text("key_id"),
  name: text("name").notNull(),
  scopes: text("scopes").array().notNull(),
  expiresAt: moment("expires_at"),
  lastUsedAt: moment("last_used_at"),
});

export const auditLog = sqe.table("audit_log", {
  id: id("id").generatedAlwaysAsIdentity().primaryKey(),
  tenantId: uuid("tenant_id").notNull(),
  userId: text("user_id").notNull(),
  action: text("action").notNull(),
  runId: text("run_id"),
  at: moment("at").notNull().defaultNow(),
  actor: text("actor", { enum: ["user", "operator", "system"] }).notNull(),
  mid: id("mid"),
  detail: jsonb("detail"),
});

export const tenantSettings = sqe.table(
  "tenant_settings",
  {
    tenantId: uuid("tenant_id").notNull(),
    mid: id("mid").notNull(),
    dataExtensionFolderId: id("data_extension_folder_id"),
    queryFolderId: id("query_folder_id"),
    updatedAt: moment("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.mid] })],
);

export const queryDurations = sqe.table(
  "query_durations",
  {
    tenantId: uuid("tenant_id").notNull(),
    mid: id("mid").notNull(),
    shape: text("shape").notNull(),
    runs: doublePrecision("runs").notNull(),
    mean: doublePrecision("mean").notNull(),
    variance: doublePrecision("variance").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.mid, table.shape] })],
);

export const runs = sqe.table("runs", {
  id: text("id").primaryKey(),
  tenantId: uuid("tenant_id").notNull(),
  userId: text("user_id").notNull(),
  mid: id("mid").notNull(),
  version: integer("version").notNull(),
  status: text("status").notNull(),
  createdAt: moment("created_at").notNull(),
  expiresAt: moment("expires_at"),
  view: jsonb("view").notNull(),
  seenAt: moment("seen_at").notNull(),
});
