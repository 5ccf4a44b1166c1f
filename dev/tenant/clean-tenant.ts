import { createClient } from "#client/client.ts";
import type { StackFile } from "../stack/stack-files.ts";
import { endRuns } from "./end-runs.ts";
import type { OwnTenant } from "./own-tenant.ts";

/**
 * Removes what the runs of a stack have in the tenant, before the stack stops, and says how it went. A failure is said, too:
 * it must not keep the stack from stopping.
 *
 * @param runIds alice's runs that may not be listed yet
 */
export async function cleanTenant(
  tenant: OwnTenant,
  { edge, tokens: { alice, bob } }: StackFile,
  { say, runIds = [] }: { say: (line: string) => void; runIds?: readonly string[] },
): Promise<void> {
  const open = (token: string) => createClient({ url: edge, token, patienceMs: 10_000 });
  const where = 'the folders "QueryPlusPlus Results" of Marketing Cloud';
  try {
    const people = [
      { client: open(alice), runIds },
      { client: open(bob), runIds: [] },
    ];
    const left = await endRuns(tenant, people);
    say(
      left.length === 0 ? `Nothing is left in ${where}` : `Not deleted, please look into ${where}: ${left.join(", ")}`,
    );
  } catch (error) {
    say(`Cannot tell what is left in ${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
