import { z } from "zod";
import { textRulesOf, switchNames } from "../behaviours.ts";
import { behavioursChange } from "../profile-file.ts";
import { profiles } from "../profiles.ts";
import { fault } from "../faults.ts";
import { json, parseJson, type Reply, type Request } from "../http.ts";
import { endTokens, resetWorld, scopeOf, type World } from "../world.ts";
import { ageAssets, aging } from "./age-assets.ts";
import { makeManyTables, manyTables } from "./many-tables.ts";
import { stateOf } from "./state.ts";

const refused = (status: number, message: string) => json(status, { error: message });

const clockChange = z.strictObject({
  offsetMs: z.number().optional(),
  speed: z.number().gt(0).max(100_000).optional(),
  advanceMs: z.number().optional(),
});
/** `expire`: access tokens end now; `revoke`: the package is uninstalled, refresh tokens and codes are gone too. */
const tokensChange = z.strictObject({ action: z.enum(["expire", "revoke"]), clientId: z.string().optional() });
/** `as` server: as SQL Server would run it, without MCE's own rules: WITH, ORDER BY without TOP, columns without names. */
const question = z.strictObject({
  sql: z.string(),
  mid: z.number().int().optional(),
  as: z.enum(["mce", "server"]).optional(),
});

/** Answers the sandbox's own calls, those under /sandbox (DESIGN section 8). */
export function controlReply(world: World, request: Request): Reply {
  const path = request.path.replace(/\/+$/, "");
  switch (`${request.method} ${path}`) {
    case "GET /sandbox/state":
      return json(200, stateOf(world));
    case "GET /sandbox/ledger":
      return json(200, { entries: world.ledger.after(Number(request.query.get("after") ?? 0) || 0) });
    case "GET /sandbox/behaviours":
      return json(200, world.behaviours);
    case "POST /sandbox/behaviours":
      return withBody(request, behavioursChange, (change) => changeBehaviours(world, change));
    case "GET /sandbox/faults":
      return json(200, world.faults.list());
    case "POST /sandbox/faults":
      return withBody(request, z.union([z.array(fault), fault.transform((it) => [it])]), (faults) => {
        world.faults.add(faults);
        return json(200, { faults: world.faults.list().length });
      });
    case "DELETE /sandbox/faults":
      world.faults.clear();
      return json(200, { faults: 0 });
    case "GET /sandbox/clock":
      return json(200, { now: world.clock.now(), speed: world.clock.speed() });
    case "POST /sandbox/clock":
      return withBody(request, clockChange, (change) => {
        world.clock.steer(change);
        return json(200, { now: world.clock.now(), speed: world.clock.speed() });
      });
    case "POST /sandbox/reset":
      resetWorld(world);
      return json(200, { now: world.clock.now() });
    case "GET /sandbox/tokens":
      return json(200, { access: world.tokens.all(), refresh: world.userGrants.all() });
    case "POST /sandbox/tokens":
      return withBody(request, tokensChange, ({ action, clientId }) => {
        endTokens(world, action, clientId);
        return json(200, {});
      });
    case "POST /sandbox/tables":
      return withBody(request, manyTables, (wanted) => json(200, { dataExtensions: makeManyTables(world, wanted) }));
    case "POST /sandbox/age":
      return withBody(request, aging, (wanted) => json(200, { assets: ageAssets(world, wanted) }));
    case "POST /sandbox/sql":
      return withBody(request, question, (asked) => ask(world, asked));
    default:
      return refused(404, `Unknown call ${request.method} ${path}`);
  }
}

function withBody<T>(request: Request, schema: z.ZodType<T>, run: (value: T) => Reply): Reply {
  const body = request.body.trim() === "" ? {} : parseJson(request.body);
  if (body === undefined) return refused(400, "The body is not JSON");
  const parsed = schema.safeParse(body);
  if (parsed.success) return run(parsed.data);
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.join(", ") : undefined;
  if (unknown !== undefined && request.path.startsWith("/sandbox/behaviours")) {
    return refused(400, `Unknown switch ${unknown}; known: profile, ${switchNames.join(", ")}`);
  }
  return refused(400, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`);
}

function changeBehaviours(world: World, change: z.infer<typeof behavioursChange>): Reply {
  const { profile, ...switches } = change;
  const given = Object.fromEntries(Object.entries(switches).filter(([, value]) => value !== undefined));
  // `errorMsg` without `errorTimes` means the next run; zod has checked every value.
  const errorTimes = given["errorMsg"] !== undefined && given["errorTimes"] === undefined ? { errorTimes: 1 } : {};
  const base = profile === undefined ? world.behaviours : profiles[profile];
  world.behaviours = { ...base, ...given, ...errorTimes };
  world.engine.checkText(textRulesOf(world.behaviours));
  return json(200, world.behaviours);
}

function ask(world: World, { sql, mid = world.accounts[0]?.eid ?? 0, as }: z.infer<typeof question>): Reply {
  const account = world.accounts.find((it) => it.mids.includes(mid));
  if (account === undefined) return refused(400, `Unknown business unit ${mid}`);
  const answer = world.engine.select(
    sql,
    scopeOf(world, { mid, eid: account.eid }, world.clock.now()),
    as === "server" ? "off" : undefined,
  );
  if (answer.kind === "refused") return json(400, { message: answer.message, errorcode: 10_001, documentation: "" });
  return json(200, { columns: answer.columns, rows: answer.rows });
}
