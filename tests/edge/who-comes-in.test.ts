import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openVault, seal } from "#db/vault.ts";
import { clientsOf } from "../../src/worker/clients.ts";
import { admit } from "../../src/worker/auth/admission.ts";
import { readConfig } from "../../src/worker/config.ts";
import { admin } from "./support/admin.ts";
import { ann, Browser } from "./support/browser.ts";
import { rowsAsOwner } from "./support/owner.ts";
import { bindings } from "./support/people.ts";

const newEid = () => String(9_000_000 + Math.floor(Math.random() * 1_000_000));

/** A tenant with a sub-domain of its own. */
async function foundTenant(): Promise<{ tenant: string; subdomain: string }> {
  const tenant = crypto.randomUUID();
  const subdomain = `mc${tenant}`;
  await admin("insert into sqe.tenants (id, eid, name, subdomain) values ($1, $2, 'Narrow', $3)", [
    tenant,
    newEid(),
    subdomain,
  ]);
  return { tenant, subdomain };
}

async function addPackage({ tenant, subdomain }: { tenant: string; subdomain: string }, clientId: string) {
  const id = crypto.randomUUID();
  const place = { table: "packages", tenantId: tenant, row: id, field: "client_secret" };
  const sealed = await seal(await openVault(bindings["VAULT_KEYS"] ?? ""), "sandbox-secret-a", place);
  await admin(
    "insert into sqe.packages (id, tenant_id, subdomain, client_id, client_secret) values ($1, $2, $3, $4, $5)",
    [id, tenant, subdomain, clientId, sealed],
  );
}

async function callback(browser: Browser, subdomain: string, meanwhile = () => Promise.resolve()): Promise<Response> {
  const back = await browser.consent(await browser.ask(`/auth/login?subdomain=${subdomain}`), ann);
  // The sandbox names its own enterprise's.
  back.searchParams.delete("tssd");
  await meanwhile();
  return browser.ask(`${back.pathname}${back.search}`);
}

describe("a package that lacks permissions signs nobody in, and the page says which", () => {
  it.each([
    ["sandbox-narrow-a", "Automations Write and Execute (automations_write, automations_execute)"],
    ["sandbox-online-a", "Offline Access (offline)"],
  ])("%s lacks %s", async (clientId, lacking) => {
    const place = await foundTenant();
    await addPackage(place, clientId);
    const browser = new Browser();
    const answer = await callback(browser, place.subdomain);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining(`adds: ${lacking}.`)]);
    expect(browser.cookies.has("__Host-sqe")).toBe(false);
  });
});

it("a sign-in with a package that its sub-domain no longer has is lost: its code never goes to another package", async () => {
  const place = await foundTenant();
  const browser = new Browser();
  const answer = await callback(browser, place.subdomain, () => addPackage(place, "sandbox-narrow-a"));
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining("did not begin")]);
});

describe("a tenant's own address", () => {
  it("leads to its sub-domain and back to a path of ours; any other asks for one", async () => {
    const [id, slug, subdomain] = [
      crypto.randomUUID(),
      `north-${crypto.randomUUID().slice(0, 8)}`,
      "mcsandbox-north-0001",
    ];
    await admin("insert into sqe.tenants (id, eid, name, slug, subdomain) values ($1, $2, 'North', $3, $4)", [
      id,
      newEid(),
      slug,
      subdomain,
    ]);
    const browser = new Browser();
    const login = await browser.ask(`/t/${slug}?return=/runs/1`);
    expect(login.status).toBe(302);
    const back = await browser.consent(login, ann);
    // The sandbox names its own enterprise's sub-domain, which is not the one that was asked.
    const refused = await browser.ask(`${back.pathname}${back.search}`);
    expect(await refused.text()).toContain("another sub-domain");
    const unknown = await new Browser().ask("/t/nobody");
    expect([unknown.status, await unknown.text()]).toEqual([
      200,
      expect.stringContaining("Your Marketing Cloud sub-domain"),
    ]);
  });
});

describe("an enterprise that nobody knows", () => {
  const comer = () => ({
    eid: Number(newEid()),
    enterpriseName: "Somebody",
    subdomain: "mcsandbox-somebody-0001",
    userId: "1",
  });

  it("comes in only where the service is open to all", async () => {
    const { systemDatabase } = clientsOf(env);
    const as = (SQE_OPEN_SIGN_IN: string) => ({
      systemDatabase,
      config: readConfig({ ...env, SQE_OPEN_SIGN_IN }),
    });
    const somebody = comer();
    expect(await admit(as("off"), somebody, undefined)).toEqual({ kind: "unknown" });
    expect(await admit(as("on"), somebody, undefined)).toMatchObject({ kind: "admitted" });
    // From now on it is known.
    expect(await admit(as("off"), somebody, undefined)).toMatchObject({ kind: "admitted" });
  });
});

it("what somebody does with a sign-in is in the audit log: the sign-in, another unit, a token, a key, the end", async () => {
  const last = async () => Number((await rowsAsOwner("select max(id) as id from sqe.audit_log"))[0]?.["id"] ?? 0);
  const before = await last();
  const browser = new Browser();
  await browser.signIn();
  await browser.send("/auth/business-unit", { mid: 7000011 });
  await browser.send("/v1/tokens", {});
  await browser.send("/v1/keys", { name: "x" });
  await browser.send("/auth/logout", {});
  const actions = async () =>
    (
      await rowsAsOwner(
        "select action || ' ' || coalesce(mid::text, '') as what from sqe.audit_log where id > $1 and user_id = '7000091'",
        [before],
      )
    ).map(({ what }) => what);
  await expect
    .poll(actions)
    .toEqual(
      expect.arrayContaining([
        "sign-in 7000001",
        "business-unit 7000011",
        "token-created 7000011",
        "key-created 7000011",
        "sign-out 7000011",
      ]),
    );
});
