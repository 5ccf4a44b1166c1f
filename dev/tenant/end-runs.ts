import { setTimeout as sleep } from "node:timers/promises";
import { openPlatform } from "#async/platform.ts";
import type { Client } from "#client/client.ts";
import type { Run } from "#client/run.ts";
import { isOver, type RunState } from "#client/run-state.ts";
import { given } from "#lang/given.ts";
import { openMce, openTokenCache, type Mce } from "#mce/client.ts";
import { findDataExtensions } from "#mce/soap/data-extension.ts";
import { findQueryDefinitions } from "#mce/soap/query-definition.ts";
import type { OwnTenant } from "./own-tenant.ts";

const timeoutMs = 10_000;
const patienceMs = 60_000;
const askAgainMs = 1000;
/** As many as the API lists at once; a stack of one developer has fewer. */
const listMax = 100;
/** A query is performed at most twice. */
const attempts = [1, 2];

/**
 * Ends all runs of a stack before it stops, because nothing of it would be there later to remove their tables: cancels those
 * that run, discards the results of the others, and waits until Marketing Cloud has nothing of them any more.
 *
 * @param people those whose runs these are; `runIds`: theirs that may not be listed yet
 * @returns keys of what is still there after a minute, or of what could not be asked for
 */
export async function endRuns(
  tenant: OwnTenant,
  people: readonly { client: Client; runIds: readonly string[] }[],
): Promise<string[]> {
  const ended: string[] = [];
  for (const { client, runIds } of people) {
    const { runs } = await client.runs({ limit: listMax });
    const ids = new Set([...runIds, ...runs.filter(hasAssets).map(({ id }) => id)]);
    for (const id of ids) await end(await client.open(id));
    ended.push(...ids);
  }
  return waitUntilGone(tenant, ended);
}

async function end(run: Run): Promise<void> {
  if (!hasAssets(run.state)) return;
  await (isOver(run.state) ? run.discard() : run.cancel());
}

/** Whether a run has, or is about to have, what Marketing Cloud keeps longer than this stack would. */
function hasAssets(state: RunState): boolean {
  return !isOver(state) || (state.status === "ready" && state.flow === "run-to-temp");
}

/** Waits for the deletions of ended runs, at most a minute. @returns keys of what is left */
async function waitUntilGone(tenant: OwnTenant, runIds: readonly string[]): Promise<string[]> {
  const { sandboxUrl } = tenant;
  const mce = openMce(
    { connectionId: "own", ...tenant },
    {
      platform: openPlatform(),
      tokens: openTokenCache(),
      // A few calls at the end, outside the budget.
      gate: { enter: () => Promise.resolve({ ok: true, value: () => undefined }) },
      readTimeoutMs: timeoutMs,
      effectTimeoutMs: timeoutMs,
      ...given({ sandboxUrl }),
    },
  );
  const until = Date.now() + patienceMs;
  let left = runIds.flatMap((id) => attempts.map((attempt) => `QPP_${id}_${attempt}`));
  for (;;) {
    left = await stillThere(mce, left);
    if (left.length === 0 || Date.now() > until) return left;
    await sleep(askAgainMs);
  }
}

/** Of these keys those that a table or a query still has; all of them when Marketing Cloud does not answer. */
async function stillThere(mce: Mce, customerKeys: readonly string[]): Promise<string[]> {
  if (customerKeys.length === 0) return [];
  const tables = await findDataExtensions(mce, { customerKeys });
  if (!tables.ok) return [...customerKeys];
  const left = new Set(tables.value.map(({ customerKey }) => customerKey));
  for (const customerKey of customerKeys) {
    if (left.has(customerKey)) continue;
    const queries = await findQueryDefinitions(mce, { customerKey });
    if (!queries.ok || queries.value.length > 0) left.add(customerKey);
  }
  return [...left];
}
