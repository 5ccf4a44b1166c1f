import { openMce } from "#mce/client.ts";
import { createDataExtension } from "#mce/soap/data-extension.ts";
import { findFolders } from "#mce/soap/folder.ts";
import { folderName } from "#run/names.ts";
import { accounts } from "../../../sandbox/accounts.ts";
import { mceDeps } from "../../support/platform.ts";

type Door = { sandbox: string };

/** Changes how the sandbox behaves, or its clock, tokens or faults. */
export function tellSandbox({ sandbox }: Door, path: string, body: object): Promise<Response> {
  return fetch(`${sandbox}/sandbox/${path}`, { method: "POST", body: JSON.stringify(body) });
}

/**
 * Leaves a table in our folder of a business unit, as a run of 25 hours ago would have.
 *
 * @throws when no run has made our folder there
 */
export async function leaveTable(stack: Door, mid: number, customerKey: string): Promise<void> {
  const [{ eid, subdomain, clientId, clientSecret } = noAccount()] = accounts;
  const access = { connectionId: clientId, mid, eid, subdomain, clientId, clientSecret };
  const mce = openMce(access, mceDeps({ sandboxUrl: stack.sandbox }));
  const folders = await findFolders(mce, { contentType: "dataextension" });
  const folder = folders.ok ? folders.value.find(({ name }) => name === folderName) : undefined;
  if (folder === undefined) throw new Error(`there is no folder of ours in business unit ${mid}`);
  await tellSandbox(stack, "clock", { offsetMs: -25 * 60 * 60 * 1000 });
  const fields = [{ name: "Id", fieldType: "Number" }] as const;
  const name = `QPP_Results_${customerKey.slice(4, 12)}`;
  const made = await createDataExtension(mce, { customerKey, name, folderId: folder.id, fields });
  await tellSandbox(stack, "clock", { offsetMs: 0 });
  if (!made.ok) throw new Error(made.error.message);
}

/** The keys of all tables and of all queries that are not deleted. */
export async function keysIn({ sandbox }: Door): Promise<string[]> {
  // The door's shape is DESIGN 8's.
  const state = (await (await fetch(`${sandbox}/sandbox/state`)).json()) as {
    dataExtensions: { key: string }[];
    queries: { key: string; status: string }[];
  };
  const queries = state.queries.filter(({ status }) => status === "Active");
  return [...state.dataExtensions, ...queries].map(({ key }) => key);
}

function noAccount(): never {
  throw new Error("the sandbox lacks an account");
}
