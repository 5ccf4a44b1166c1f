import { openDatabase } from "#db/database.ts";
import { openVault } from "#db/vault.ts";
import { userSignIn } from "#grants/user-sign-in.ts";
import { openMce } from "#mce/client.ts";
import { mceDeps, platformWith } from "../../support/platform.ts";

// A program: one process that shares a person's grant with others. It waits for a message, signs in, and says what it got.
const { url, fetchEndpoint, vaultKeys, sandboxUrl, tenantId, grantId, mid } = JSON.parse(process.argv[2] ?? "") as {
  [name in "url" | "fetchEndpoint" | "vaultKeys" | "sandboxUrl" | "tenantId" | "grantId"]: string;
} & { mid: number };
const db = openDatabase({ url, fetchEndpoint });
const grants = { db: async () => db, vault: () => openVault(vaultKeys), platform: platformWith() };
const access = {
  connectionId: grantId,
  mid,
  eid: 7000001,
  subdomain: "mcsandbox-enterprise-a000001",
  clientId: "sandbox-app",
  clientSecret: "sandbox-app-secret",
};
const mce = openMce(access, mceDeps({ sandboxUrl, signIn: userSignIn(grants, { tenantId, grantId }) }));
process.on("message", async () => {
  const answer = await mce.signIn();
  process.send?.(answer.ok ? answer.value : { error: answer.error.message });
  process.disconnect();
});
process.send?.("ready");
