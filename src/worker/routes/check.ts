import { Hono } from "hono";
import { z } from "zod";
import { checkAlone, inspect, type Inspection } from "#inspect/inspect.ts";
import type { Mce } from "#mce/client.ts";
import type { MceFailure } from "#mce/failure.ts";
import { scopesText } from "#mce/scopes.ts";
import type { OutputColumn } from "#sql/fields.ts";
import type { AppEnv } from "../app-types.ts";
import { readSqlBody } from "../submit/body.ts";
import { problem } from "../problem.ts";

export const checkRoutes = new Hono<AppEnv>();

const Body = z.strictObject({ sql: z.string() });

const unread = "Not checked: the fields of the query's Data Extensions could not be read from Marketing Cloud";
const notValidated = "Not validated: the connection to Marketing Cloud cannot be read right now";

/** Answers what is wrong with a query and which columns it gives, without running it (DESIGN section 3). */
checkRoutes.post("/check", async (c) => {
  const { user, config, clients, trace } = c.var;
  if (config.isLimited && !(await c.env.RUN_LIMIT.limit({ key: `check|${user.tenantId}|${user.userId}` })).success) {
    return problem("RATE_LIMITED", "You have checked many queries in the last minute; try again in a minute", {
      retryAfter: 60,
    });
  }
  const body = await readSqlBody(c.req.raw, Body);
  if (body instanceof Response) return body;
  const mce = await clients.mce(user, "checks", trace.log).then(
    (open) => open ?? ("not-allowed" as const),
    () => undefined,
  );
  if (mce === "not-allowed")
    return problem("FORBIDDEN", "Your token's connection is not your tenant's, or does not allow its business unit");
  return c.json(answerOf(mce === undefined ? withoutMce(c.var, body.sql) : await withMce(c.var, mce, body.sql)));
});

function withMce({ user, config, clients }: AppEnv["Variables"], mce: Mce, sql: string): Promise<Inspection> {
  const { validateTimeoutMs } = config.settings;
  return inspect(sql, { platform: clients.platform, mce, unit: user, metadata: clients.metadata, validateTimeoutMs });
}

/** Checks the text alone. */
function withoutMce({ user, clients }: AppEnv["Variables"], sql: string): Inspection {
  const checked = checkAlone(sql, { platform: clients.platform, unit: user });
  return { checked: { ...checked, notes: [...checked.notes, notValidated, unread] } };
}

function answerOf({ checked, unread: failure }: Inspection) {
  const { ok, diagnostics, tables, columns, notes } = checked;
  return {
    ok,
    diagnostics,
    tables,
    columns: columns.map(columnOf),
    notes: failure === undefined ? notes : [...notes, unreadFor(failure)],
  };
}

/** Names the missing permission, if that is the reason: nothing else helps then. */
function unreadFor(failure: MceFailure): string {
  const needs = failure.kind === "forbidden" ? failure.needs : undefined;
  return needs === undefined ? unread : `${unread}: the connection needs ${scopesText(needs)}`;
}

function columnOf({ name, fieldType, ...rest }: OutputColumn) {
  return { name, type: fieldType, ...rest };
}
