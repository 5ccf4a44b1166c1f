import { readMe } from "./account-calls.ts";
import {
  changeConnection,
  changeMember,
  changeTenant,
  createConnection,
  listAudit,
  listConnections,
  listMembers,
  readTenant,
  revokeConnection,
} from "./administrator-calls.ts";
import { readServiceStatus, sweep } from "./admin-calls.ts";
import type { Call } from "./call.ts";
import { createKey, createToken, listKeys, revokeKey } from "./key-calls.ts";
import { callMcp } from "./mcp-calls.ts";
import { listQueryActivities, readQueryActivity } from "./query-activity-calls.ts";
import { discardResults, readResults } from "./result-calls.ts";
import { cancelRun, followRun, listRuns, readRun, submitRun } from "./run-calls.ts";
import { readDocument, readHealth } from "./service-calls.ts";
import { decideHandoff, openHandoff, pollHandoff, signOut, switchUnit } from "./session-calls.ts";
import { checkSql, listDataViews, listFunctions } from "./sql-calls.ts";
import { listFolders, listTables, readFields, readRows } from "./table-calls.ts";

/** Every public call, in the order of the document. */
export const allCalls: readonly Call[] = [
  submitRun,
  listRuns,
  readRun,
  followRun,
  readResults,
  discardResults,
  cancelRun,
  checkSql,
  listFunctions,
  listDataViews,
  listTables,
  listFolders,
  readFields,
  readRows,
  listQueryActivities,
  readQueryActivity,
  readMe,
  listKeys,
  createKey,
  revokeKey,
  createToken,
  readTenant,
  changeTenant,
  listMembers,
  changeMember,
  listConnections,
  createConnection,
  changeConnection,
  revokeConnection,
  listAudit,
  callMcp,
  switchUnit,
  signOut,
  openHandoff,
  pollHandoff,
  decideHandoff,
  sweep,
  readServiceStatus,
  readHealth,
  readDocument,
];
