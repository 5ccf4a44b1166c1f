import { openMce, type Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { createDataExtension } from "#mce/soap/data-extension.ts";
import { findFolders } from "#mce/soap/folder.ts";
import { createQueryDefinition } from "#mce/soap/query-definition.ts";
import { accounts } from "../../../sandbox/accounts.ts";
import { mceDeps } from "../../support/platform.ts";
import type { World } from "./world.ts";

/** What lies in Marketing Cloud, full of canaries. */
export type Planted = {
  table: string;
  /** A column whose name is a canary. */
  column: string;
  /** One value of that column, in every row; a part of it is a canary. */
  value: string;
  /** A canary in the key of every row. */
  rowKey: string;
  /** The key of a table with the same columns as the first query, for runs into it. */
  targetKey: string;
  /** The key of a Query Activity. */
  queryKey: string;
};

const rowCount = 60;
const [account] = accounts;

/** Makes a table with rows, a target and a Query Activity in alice's business unit. */
export async function plant(world: World): Promise<Planted> {
  if (account === undefined) throw new Error("Cannot plant: the sandbox has no account");
  const { eid, subdomain, clientId, clientSecret } = account;
  const access = { connectionId: clientId, mid: eid, eid, subdomain, clientId, clientSecret };
  const mce = openMce(access, mceDeps({ sandboxUrl: world.stack.sandbox }));
  const planted = { ...(await plantTables(world, mce)), queryKey: "ZeroQuery" };
  const folderId = await rootOf(mce, "queryactivity");
  const sql = `SELECT Id FROM [${planted.table}] WHERE Note <> '${world.canaries.draw("stored query")}'`;
  const target = { customerKey: planted.targetKey, name: "Zero Target" };
  const draft = { customerKey: planted.queryKey, name: "Zero query", sql, target, updateType: "Overwrite" as const };
  must(await createQueryDefinition(mce, { ...draft, folderId }));
  return planted;
}

async function plantTables({ stack, canaries }: World, mce: Mce): Promise<Omit<Planted, "queryKey">> {
  const column = canaries.draw("column name");
  const folderId = await rootOf(mce, "dataextension");
  const text = (name: string, maxLength: number) => ({ name, fieldType: "Text" as const, maxLength });
  const fields = [
    { ...text("Id", 50), isPrimaryKey: true },
    text(column, 200),
    text("Note", 4000),
    { name: "Email", fieldType: "EmailAddress" as const },
    { name: "Amount", fieldType: "Number" as const },
  ];
  const place = { folderId, fields };
  must(await createDataExtension(mce, { customerKey: "ZeroData", name: "Zero Data", ...place }));
  must(await createDataExtension(mce, { customerKey: "ZeroTarget", name: "Zero Target", ...place }));
  const value = `O'${canaries.draw("row value")} <b>&amp; "söhne" €`;
  const amount = String(2_000_000_000 + Math.floor(Math.random() * 147_000_000));
  canaries.note("row value", amount);
  const row = {
    [column]: value,
    Note: "€ ".repeat(700) + canaries.draw("row value") + " x".repeat(700),
    Email: `${canaries.draw("row value")}@example.com`,
    Amount: amount,
  };
  const key = canaries.draw("row value");
  const rows = Array.from({ length: rowCount }, (_none, index) => ({ keys: { Id: `${key}${index}` }, values: row }));
  await writeRows(stack.sandbox, rows);
  return { table: "Zero Data", column, value, rowKey: key, targetKey: "ZeroTarget" };
}

/** As a tenant's own import does: our client writes no rows. */
async function writeRows(sandbox: string, rows: readonly object[]): Promise<void> {
  const { eid: account_id, clientId: client_id, clientSecret: client_secret } = account ?? {};
  const grant = { grant_type: "client_credentials", client_id, client_secret, account_id };
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const init = {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    };
    const answer = await fetch(`${sandbox}${path}`, init);
    if (!answer.ok) throw new Error(`Cannot plant: ${path} answered ${answer.status} ${await answer.text()}`);
    return answer;
  };
  // The sandbox speaks MCE 1.2.
  const { access_token } = (await (await post("/v2/token", grant)).json()) as { access_token: string };
  await post("/hub/v1/dataevents/key:ZeroData/rowset", rows, { authorization: `Bearer ${access_token}` });
}

async function rootOf(mce: Mce, contentType: "dataextension" | "queryactivity"): Promise<number> {
  const root = must(await findFolders(mce, { contentType })).find(({ parentId }) => parentId === 0);
  if (root === undefined) throw new Error(`Cannot plant: there is no root folder for ${contentType}`);
  return root.id;
}

function must<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`Cannot plant: ${answer.error.message}`);
  return answer.value;
}
