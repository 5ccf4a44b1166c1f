import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openPlatform } from "#async/platform.ts";
import { freePortBase } from "../../dev/stack/ports.ts";
import { openOwnTenant } from "../../dev/tenant/own-tenant.ts";
import { withoutTenant } from "../../dev/tenant/variables.ts";
import { accounts } from "../../sandbox/accounts.ts";
import { fetchFrom } from "../../sandbox/in-process.ts";
import { openWorld, type World } from "../../sandbox/world.ts";
import { runProgram } from "../../scripts/run-program.ts";
import { tempDir } from "../support/temp-dir.ts";

const [{ subdomain, clientId, clientSecret, eid, name } = expect.unreachable()] = accounts;
const mid = 7000011;
const variables = {
  MCE_SUBDOMAIN: subdomain,
  MCE_CLIENT_ID: clientId,
  MCE_CLIENT_SECRET: clientSecret,
  MCE_MID: String(mid),
};
let world: World;
let said: string[];

beforeEach(() => {
  world = openWorld({});
  // Behind the tenant's real host names: the token's answer names them, and requests to them end here.
  world.url = `https://${subdomain}.rest.marketingcloudapis.com`;
  said = [];
});

const asked: string[] = [];
const fetchAndNote: typeof fetch = (input, init) => {
  asked.push(new URL(new Request(input, init).url).host);
  return fetchFrom(world)(input, init);
};
const open = (
  changes: Readonly<Record<string, string | undefined>> = {},
  how: { fetch?: typeof fetch; envFile?: string } = {},
) =>
  openOwnTenant({
    caller: { ...variables, ...changes },
    say: (line) => said.push(line),
    envFile: how.envFile ?? "/nonexistent/.env",
    platform: { ...openPlatform(), fetch: how.fetch ?? fetchAndNote },
  });
const refusal = async (...words: Parameters<typeof open>) => {
  const error: unknown = await open(...words).catch((reason: unknown) => reason);
  return error instanceof Error ? error.message : "it was taken";
};
const prefix = "Cannot use a Marketing Cloud of yours: ";

describe("openOwnTenant()", () => {
  it("signs in at the tenant's own hosts, and learns the enterprise of the business unit", async () => {
    asked.length = 0;
    expect(await open()).toEqual({ subdomain, clientId, clientSecret, mid, eid, name });
    expect(new Set(asked)).toEqual(new Set([`${subdomain}.auth.marketingcloudapis.com`]));
    expect(said).toEqual([`Marketing Cloud gives a token: business unit ${mid} of ${name} (EID ${eid}, ${subdomain})`]);
  });

  it("takes a flat answer about the enterprise, and goes on without any", async () => {
    world.behaviours.userInfoShape = "flat";
    expect(await open()).toMatchObject({ eid });
    const mute: typeof fetch = async (input, init) =>
      new Request(input, init).url.endsWith("/v2/userinfo")
        ? new Response("", { status: 403 })
        : fetchAndNote(input, init);
    expect(await open({}, { fetch: mute })).toMatchObject({ eid: mid, name: subdomain });
    expect(said.join("\n")).toContain("does not say which enterprise");
  });

  it("reads what the environment lacks from .env, and a base URI as its sub-domain", async () => {
    const envFile = join(await tempDir(), ".env");
    await writeFile(envFile, `MCE_CLIENT_SECRET=${clientSecret}\nMCE_MID=1\n`);
    const uri = `https://${subdomain}.auth.marketingcloudapis.com/`;
    expect(await open({ MCE_CLIENT_SECRET: undefined, MCE_SUBDOMAIN: uri }, { envFile })).toMatchObject({ eid, mid });
    expect(await open(withoutTenant, { envFile })).toBeUndefined();
  });

  it("is for the sandbox when no variable is set", async () => {
    const none = Object.fromEntries(Object.keys(variables).map((variable) => [variable, undefined]));
    expect(await open(none)).toBeUndefined();
  });

  it.each(Object.keys(variables))("names %s when it is missing", async (variable) => {
    expect(await refusal({ [variable]: undefined })).toBe(`${prefix}${variable} is missing`);
    expect(await refusal({ [variable]: " " })).toBe(`${prefix}${variable} is missing`);
  });

  it("names every variable that is missing, and one that is malformed, without its value", async () => {
    expect(await refusal({ MCE_MID: "", MCE_CLIENT_ID: "" })).toBe(`${prefix}MCE_CLIENT_ID and MCE_MID are missing`);
    expect(await refusal({ MCE_MID: "seven" })).toBe(`${prefix}MCE_MID is not a business unit's number`);
    const stray = await refusal({ MCE_SUBDOMAIN: "evil.example.com" });
    expect(stray).toBe(`${prefix}MCE_SUBDOMAIN is not what stands before .auth.marketingcloudapis.com`);
  });

  it("says in one line what Marketing Cloud answered to wrong credentials and to a wrong business unit", async () => {
    const wrong = await refusal({ MCE_CLIENT_SECRET: "not-the-secret" });
    expect(wrong).toMatch(/HTTP 401\): invalid_client: Client authentication failed\./);
    expect(await refusal({ MCE_CLIENT_ID: "nobody" })).toContain("invalid_client");
    const foreign = await refusal({ MCE_MID: "8000001" });
    expect(foreign).toMatch(/invalid_request: The account 8000001 is not accessible .* Is MCE_MID right/);
    for (const line of [wrong, foreign])
      expect([line.includes("\n"), line.includes("not-the-secret")]).toEqual([false, false]);
  });

  it("hides the secret in an answer that repeats it", async () => {
    const body = { error: "invalid_client", error_description: `no such secret:\n${clientSecret}` };
    const echo: typeof fetch = async () => Response.json(body, { status: 401 });
    expect(await refusal({}, { fetch: echo })).toMatch(/invalid_client: no such secret: \*\*\*$/);
  });

  it("names the host that is unknown, and the one that does not take connections", async () => {
    // The name is reserved: no resolver knows it.
    const nowhere: typeof fetch = (_input, init) => fetch("http://nowhere.invalid/", init);
    const host = `${subdomain}.auth.marketingcloudapis.com`;
    const line = await refusal({}, { fetch: nowhere });
    expect(line).toMatch(/\((ENOTFOUND|.*: EAI_AGAIN)\)/);
    expect(line).toContain(host);
    const closed = `http://127.0.0.1:${await freePortBase()}`;
    const refusing = await refusal({ MCE_SANDBOX_URL: closed }, { fetch: (input, init) => fetch(input, init) });
    expect(refusing).toBe(
      `${prefix}Cannot do AUTH token: MCE cannot be reached (${new URL(closed).host}: ECONNREFUSED)`,
    );
  });

  it("refuses a package without the permissions that runs need, and names them", async () => {
    const poor: typeof fetch = async (input, init) => {
      const answer = await fetchAndNote(input, init);
      const token = (await answer.json()) as Record<string, unknown>;
      return Response.json({ ...token, scope: "data_extensions_read data_extensions_write automations_read" });
    };
    expect(await refusal({}, { fetch: poor })).toContain(
      "the package lacks Automations Write and Execute (automations_write, automations_execute)",
    );
  });

  it("sends the secret to no other host, and divides no waits on a real tenant", async () => {
    expect(await refusal({ MCE_SANDBOX_URL: "https://mce.example.com" })).toContain("this machine's loopback");
    expect(await refusal({ SQE_TIME_SCALE: "60" })).toContain("SQE_TIME_SCALE is for the sandbox only");
  });
});

it.each(["main.ts", "demo.ts"])("dev/%s ends with one line and code 1 before it starts anything", async (program) => {
  const file = new URL(`../../dev/${program}`, import.meta.url).pathname;
  const env = { ...variables, MCE_CLIENT_ID: "", SQE_DEV_DIR: join(await tempDir(), "dev") };
  const ended = await runProgram([file], { env });
  expect(ended).toEqual({ code: 1, stdout: "", stderr: `${prefix}MCE_CLIENT_ID is missing\n` });
});
