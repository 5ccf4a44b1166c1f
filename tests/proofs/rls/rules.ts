import { stranger, victim } from "./seed.ts";

/** What a caller may try on a table. `give`: make its own rows the victim's. */
export const operations = ["select", "insert", "update", "delete", "give", "truncate"] as const;
export type Operation = (typeof operations)[number];

/** Whose rows the engine's role sees in a table: those of the claimed user, of the claimed tenant, or none at all. */
type Reach = "user" | "tenant" | "nobody";

/** Who reaches the rows of a table, and what sqe_app may do with its own. */
type TableRule = { reach: Reach; may: readonly Operation[] };

const none: TableRule = { reach: "nobody", may: [] };
const ofTenant = (...may: Operation[]): TableRule => ({ reach: "tenant", may });

/** What is asked of each table of the schema sqe. A table that is not here is a hole, until somebody has thought about it. */
export const tableRules: Readonly<Record<string, TableRule>> = {
  allowed_enterprises: none,
  api_keys: ofTenant("select", "insert", "update"),
  audit_log: ofTenant("select", "insert"),
  connections: ofTenant("select", "insert", "update", "delete"),
  grant_tokens: ofTenant("select", "insert", "update", "delete"),
  grants: ofTenant("select", "insert", "update", "delete"),
  handoffs: none,
  installation: none,
  invitations: none,
  issuers: ofTenant("select"),
  operator_keys: none,
  packages: ofTenant("select", "insert", "update", "delete"),
  query_durations: ofTenant("select", "insert", "update", "delete"),
  runs: { reach: "user", may: ["select"] },
  sessions: ofTenant("select", "insert", "update", "delete"),
  sweeps: ofTenant("select", "insert", "update", "delete"),
  tenant_settings: ofTenant("select", "insert", "update"),
  tenants: ofTenant("select", "update"),
  users: ofTenant("select", "insert", "update"),
};

/** Roles of ours that programs log in as. `sqe_proof` stands for any other one. */
export const roles = ["sqe_app", "sqe_system", "sqe_sweeper", "sqe_proof"] as const;
export type Role = (typeof roles)[number];

/** What is asked of a function that works with its owner's rights. */
type FunctionRule = {
  /** Who may call it; absent: only other such functions. */
  caller?: Role;
  /** Columns that it answers with; empty for one value or none. */
  gives: string;
  /** Asks for what is not the caller's to know: it must give no row, and leave the victim's rows as they are. */
  probe?: string;
};

const { connection: idOfA } = victim;
const [runOfA] = victim.runs;
const { tenant: B } = stranger;

/** Every SECURITY DEFINER function, by name. */
export const functionRules: Readonly<Record<string, FunctionRule>> = {
  admit: {
    caller: "sqe_system",
    gives: "verdict, tenant_id, role",
    probe: `select from sqe.admit(999, 'x', 'x', 'u', 'u', null, false, '${idOfA}', 'another') where verdict = 'admitted'`,
  },
  choose_jurisdiction: { caller: "sqe_app", gives: "" },
  count_runs: { caller: "sqe_system", gives: "status, runs, oldest" },
  decide_handoff: {
    caller: "sqe_system",
    gives: "",
    // It is over.
    probe: `select where sqe.decide_handoff('${idOfA}', '${B}', 'mallory', 1, 1, null)`,
  },
  delete_ended_sign_ins: { caller: "sqe_system", gives: "" },
  delete_old_audit: {
    caller: "sqe_system",
    gives: "",
    probe: "select where sqe.delete_old_audit(now() + interval '1 day', 9) > 0",
  },
  delete_old_runs: { caller: "sqe_system", gives: "" },
  end_lost_run: {
    caller: "sqe_system",
    gives: "",
    probe: `select where sqe.end_lost_run('${runOfA}', 99, 'now', '{}')::text <> ''`,
  },
  find_api_key: {
    caller: "sqe_system",
    gives:
      "id, tenant_id, user_id, eid, mid, connection_id, name, scopes, role, mcp, active, expires_at, revoked_at, last_used_at",
    probe: "select from sqe.find_api_key('key70000', 'another')",
  },
  find_handoff: {
    caller: "sqe_system",
    gives: "user_code, kind, expires_at",
    probe: `select from sqe.find_handoff('${idOfA}')`,
  },
  find_sign_in: {
    caller: "sqe_system",
    gives: "tenant_id, subdomain, package_id, client_id, client_secret",
    probe: "select from sqe.find_sign_in('nobody', 'nobody')",
  },
  last_sweeps: {
    caller: "sqe_system",
    gives: "tenant_id, mid, ended_at, found, deleted, failed, error, units, overdue",
  },
  open_handoff: { caller: "sqe_system", gives: "" },
  poll_handoff: {
    caller: "sqe_system",
    gives: "outcome, kind, tenant_id, user_id, eid, mid, grant_id",
    probe: `select from sqe.poll_handoff('${idOfA}', 'another') where outcome <> 'unknown'`,
  },
  project_run: {
    caller: "sqe_system",
    gives: "",
    probe: `select where sqe.project_run('${runOfA}', '${B}', 'alice', 1, 99, 'failed', now(), null, '{}')::text <> ''`,
  },
  sweep_runs: {
    caller: "sqe_sweeper",
    gives: "id, status, created_at, expires_at, target_key",
    probe: `select from sqe.sweep_runs('${B}', array['${runOfA}'], array['mine'])`,
  },
  sweep_units: { caller: "sqe_sweeper", gives: "tenant_id, mid" },
  swept_units: { gives: "tenant_id, mid" },
  take_stale_runs: { caller: "sqe_system", gives: "id, version" },
  use_operator_key: {
    caller: "sqe_system",
    gives: "name, revoked_at",
    probe: "select from sqe.use_operator_key('abc70000', 'another')",
  },
};
