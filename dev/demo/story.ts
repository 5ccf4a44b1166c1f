import { createClient } from "#client/client.ts";
import { cancelAct } from "./cancel-act.ts";
import { selectAct } from "./select-act.ts";
import type { Listener } from "./speech.ts";
import { targetAct } from "./target-act.ts";

/**
 * Runs the demo's three parts through the public API as alice, and prints what happens line by line.
 *
 * @throws when a run does not end as it should, or leaves something behind
 */
export async function runActs(where: { edge: string; sandbox: string; token: string }, say: Listener): Promise<void> {
  const stage = { client: createClient({ url: where.edge, token: where.token }), sandbox: where.sandbox, say };
  await selectAct(stage);
  await targetAct(stage);
  await cancelAct(stage);
}
