import type { RunId } from "#protocol/ids.ts";
import { isOver } from "#protocol/run-status.ts";
import { readCustomerKey } from "#run/names.ts";
import { journal } from "./mce.ts";
import type { Script } from "./script.ts";
import type { Stage } from "./stage.ts";

/** The invariants that do not hold at the end of a script, in words. */
export function checkInvariants(stage: Stage, script: Script): string[] {
  return [
    ...stage.objects
      .ids()
      .flatMap((id) => [...checkLog(stage, id), ...checkRows(stage, id), ...checkPerforms(stage, id)]),
    ...checkEnds(stage, script),
    ...checkEpochs(stage),
    ...checkCancels(stage),
    ...checkLeft(stage),
    ...checkBudget(stage, script),
    ...stage.mce.strangers.map((what) => `I8: ${what}`),
    ...stage.bugs.map((what) => `bug: ${what}`),
  ];
}

/** I1: a run ends well, unless something in the script explains why it cannot. */
function checkEnds(stage: Stage, { faults, crashes = [], strikes = [] }: Script): string[] {
  const kinds = new Set([...faults, ...strikes].map(({ kind }) => kind));
  const { objects } = stage;
  const isCalm = faults.length === 0 && crashes.length === 0 && strikes.length === 0;
  return objects.ids().flatMap((id) => {
    const run = objects.record(id)?.run;
    const isAppend = run?.target?.mode === "append";
    const end = run?.status === "failed" ? run.error.code : run?.status;
    const isExplained: Readonly<Record<string, boolean>> = {
      ready: true,
      canceled: stage.canceled.some((one) => one.id === id),
      // An append that was granted and did not arrive may still be on its way (D4); one that did is found.
      OUTCOME_UNKNOWN: kinds.has("MCE") || (isAppend && !isCalm && performsOf(stage, id) === 0),
      MCE_UNAVAILABLE: kinds.has("MCE"),
      QUERY_FAILED: kinds.has("MCE"),
      REAUTH_REQUIRED: kinds.has("MCE"),
      INTERNAL: kinds.has("Postgres away"),
    };
    return isExplained[end ?? ""] === true ? [] : [`I1: ${id} ends as ${end}`];
  });
}

/** I3: versions without a gap, one end, and nothing of the run changes after it. */
function checkLog({ objects }: Stage, id: RunId): string[] {
  const views = objects.views(id);
  const found: string[] = [];
  if (views.some(({ version }, index) => version !== index + 1)) {
    found.push(`I3: ${id} has versions ${views.map(({ version }) => version).join(" ")}`);
  }
  const end = views.findIndex(({ status }) => isOver(status));
  const after = views.slice(end).map(({ status }) => status);
  if (end >= 0 && new Set(after).size > 1) found.push(`I3: ${id} ends as ${after.join(", then ")}`);
  return found;
}

/** I2: rows are written at most once, and had been when the run is ready. */
function checkRows({ objects, mce }: Stage, id: RunId): string[] {
  const run = objects.record(id)?.run;
  const entries = mce.ledger();
  const tasks = new Set(
    entries.flatMap((one) => (one.event === "perform" && isOf(one.queryKey, id) ? [one.taskId] : [])),
  );
  const applied = entries.flatMap((one) => (one.event === "applied" && tasks.has(one.taskId) ? [one.at] : []));
  const found: string[] = [];
  if (applied.length > 1) found.push(`I2: the rows of ${id} were written ${applied.length} times`);
  if (run?.status !== "ready") return found;
  if (!applied.some((at) => at <= run.endedAt)) found.push(`I2: ${id} was ready before its rows were written`);
  return found;
}

/** No Perform without a grant, and no two for one. */
function checkPerforms(stage: Stage, id: RunId): string[] {
  const { objects, mce, heard } = stage;
  const found: string[] = [];
  const nonces = new Map<number, Set<string>>();
  for (const { id: of, verb, body, reply } of heard) {
    if (of !== id || verb !== "grant" || reply.httpStatus !== 200) continue;
    const { answer } = reply.body as { answer: string };
    const { n, nonce } = JSON.parse(body) as { n: number; nonce: string };
    if (answer === "granted") nonces.set(n, (nonces.get(n) ?? new Set()).add(nonce));
  }
  for (const [n, all] of nonces)
    if (all.size > 1) found.push(`D4: Perform ${n} of ${id} was granted ${all.size} times`);
  const accepted = performsOf(stage, id);
  const granted = objects.record(id)?.run.grant?.n ?? 0;
  if (accepted > granted) found.push(`D4: ${id} was performed ${accepted} times with ${granted} grants`);
  for (const { runId, isGranted } of mce.performs) {
    if (runId === id && !isGranted) found.push(`D4: a Perform of ${id} was sent without an open grant`);
  }
  return found;
}

/** I4: a stale epoch is refused, and the repeat of what was accepted is acknowledged. */
function checkEpochs({ heard }: Stage): string[] {
  return heard.flatMap(({ id, verb, body, reply, isLate, epoch }) => {
    const asked = (JSON.parse(body) as { epoch?: number }).epoch;
    if (asked === undefined || reply.httpStatus === 404) return [];
    const isStale = asked < epoch;
    if (isStale !== (reply.httpStatus === 403)) {
      return [`I4: ${verb} of ${id} with epoch ${asked} was answered ${reply.httpStatus} in epoch ${epoch}`];
    }
    const wasAccepted = heard.some((one) => one.body === body && one.id === id && one.reply.httpStatus === 200);
    return isLate && !isStale && wasAccepted && reply.httpStatus !== 200
      ? [`I4: a repeated ${verb} of ${id} was answered ${reply.httpStatus}`]
      : [];
  });
}

/** I10: a run that was canceled stays so, and is not performed when it had no grant. */
function checkCancels({ canceled, objects, mce }: Stage): string[] {
  return canceled.flatMap(({ id, wasGranted }) => {
    const status = objects.record(id)?.run.status;
    const found = status === "canceled" ? [] : [`I10: ${id} was canceled and is ${status}`];
    const isPerformed = mce.performs.some(({ runId }) => runId === id);
    return isPerformed && !wasGranted ? [...found, `I10: ${id} was performed although it was canceled before`] : found;
  });
}

/** I7: nothing of ours is left after two sweeps, and the users' tables are there. */
function checkLeft({ mce, tenants }: Stage): string[] {
  const { queries, dataExtensions } = mce.world.store;
  const keys = [...dataExtensions, ...queries.filter(({ status }) => status === "Active")].map(
    (one) => one.customerKey,
  );
  const left = keys.filter((key) => readCustomerKey(key) !== undefined).map((key) => `I7: ${key} is left`);
  const targets = dataExtensions.filter(({ name }) => name === journal).length;
  return targets === tenants.length ? left : [...left, "I7: a user's table is gone"];
}

/** I9: no business unit gets more calls in any minute than its budget. */
function checkBudget({ mce }: Stage, { callsPerMinute }: Script): string[] {
  const calls = mce.ledger().flatMap((one) => (one.event === "call" ? [one] : []));
  const mids = new Set(calls.flatMap(({ mid }) => (mid === undefined ? [] : [mid])));
  return [...mids].flatMap((mid) => {
    const times = calls.filter((one) => one.mid === mid).map(({ at }) => at);
    let first = 0;
    for (const [index, at] of times.entries()) {
      while ((times[first] ?? at) <= at - 60_000) first += 1;
      const count = index - first + 1;
      if (count > callsPerMinute) return [`I9: ${mid} got ${count} calls in a minute`];
    }
    return [];
  });
}

/** How many Performs of a run Marketing Cloud has accepted. */
function performsOf({ mce }: Stage, id: RunId): number {
  return mce.ledger().filter((one) => one.event === "perform" && isOf(one.queryKey, id)).length;
}

function isOf(customerKey: string, id: RunId): boolean {
  return readCustomerKey(customerKey)?.runId === id;
}
