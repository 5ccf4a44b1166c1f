import {
  bigint,
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
