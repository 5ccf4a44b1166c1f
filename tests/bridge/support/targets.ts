import type { FieldDefinition } from "#mce/soap/field.ts";
import { createDataExtension, deleteDataExtension } from "#mce/soap/data-extension.ts";
import { createQueryDefinition } from "#mce/soap/query-definition.ts";
import { signIn } from "./sign-in.ts";
import { tenancy, type World } from "./world.ts";

const oneField: readonly FieldDefinition[] = [{ name: "Id", fieldType: "Text", maxLength: 50 }];

type Folder = { id: number; contentType: string; mid: number; name: string };

/** A Data Extension that a user has made; in a shared folder of the enterprise when `isShared`. */
export async function makeTarget(
  world: Pick<World, "sandboxUrl" | "ask">,
  draft: {
    customerKey: string;
    name?: string;
    fields?: readonly FieldDefinition[];
    folderId?: number;
    mid?: number;
    isShared?: boolean;
  },
): Promise<{ objectId: string }> {
  const { customerKey, name = customerKey, fields = oneField, mid = tenancy.mid, isShared = false } = draft;
  const { folders } = await world.ask<{ folders: Folder[] }>("state");
  const contentType = isShared ? "shared_dataextension" : "dataextension";
  const folder = folders.find((known) => known.contentType === contentType && known.mid === mid);
  if (folder === undefined) throw new Error(`no folder of type ${contentType}`);
  const folderId = draft.folderId ?? folder.id;
  const made = await createDataExtension(signIn(world, { mid }), { customerKey, name, folderId, fields });
  if (!made.ok) throw new Error(`target not made: ${made.error.message}`);
  return made.value;
}

/** Deletes a Data Extension as its user would. */
export async function deleteTarget(world: Pick<World, "sandboxUrl">, customerKey: string): Promise<void> {
  const gone = await deleteDataExtension(signIn(world), { customerKey });
  if (!gone.ok) throw new Error(`not deleted: ${gone.error.message}`);
}

/** A query activity that a user has made; it writes into `targetKey`. */
export async function makeQuery(
  world: Pick<World, "sandboxUrl">,
  draft: { customerKey: string; name: string; targetKey: string; targetName?: string; folderId?: number },
): Promise<{ objectId: string }> {
  const { customerKey, name, targetKey, targetName = targetKey, folderId } = draft;
  const made = await createQueryDefinition(signIn(world), {
    customerKey,
    name,
    sql: "SELECT 'x' AS Id",
    target: { customerKey: targetKey, name: targetName },
    updateType: "Append",
    ...(folderId === undefined ? {} : { folderId }),
  });
  if (!made.ok) throw new Error(`query not made: ${made.error.message}`);
  return made.value;
}

/** Puts rows into a Data Extension, as a user's import would. */
export async function fillTarget(
  world: Pick<World, "sandboxUrl">,
  customerKey: string,
  rows: readonly Record<string, string | number>[],
): Promise<void> {
  const { accessToken } = await token(world);
  const answer = await fetch(`${world.sandboxUrl}/hub/v1/dataevents/key:${customerKey}/rowset`, {
    method: "POST",
    headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
    body: JSON.stringify(rows.map((values) => ({ keys: {}, values }))),
  });
  if (!answer.ok) throw new Error(`rows not taken: ${await answer.text()}`);
}

async function token({ sandboxUrl }: Pick<World, "sandboxUrl">): Promise<{ accessToken: string }> {
  const answer = await fetch(`${sandboxUrl}/v2/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: "sandbox-client-a",
      client_secret: "sandbox-secret-a",
      account_id: tenancy.mid,
    }),
  });
  const { access_token: accessToken } = (await answer.json()) as { access_token: string };
  return { accessToken };
}

/** The rows of a Data Extension as its own business unit reads them. */
export async function rowsOf(world: Pick<World, "ask">, name: string, mid: number = tenancy.mid): Promise<unknown[][]> {
  return (await world.ask<{ rows: unknown[][] }>("sql", { sql: `SELECT * FROM [${name}]`, mid })).rows;
}
