import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { sqe as call } from "../cli/support/terminal.ts";
import { tempDir } from "../support/temp-dir.ts";
import { openPerson, type Person } from "./support/person.ts";
import { useSharedStack } from "./support/share-stack.ts";
import { start, type Running } from "./support/sqe.ts";

const stack = useSharedStack();
let ann: Person;
let env: Record<string, string>;
beforeAll(async () => {
  const dir = await tempDir();
  // No stack of this machine is found: only the profile tells where the engine is.
  env = { XDG_CONFIG_HOME: dir, SQE_DEV_DIR: dir };
  ann = openPerson(stack, "ann@enterprise-a.example.com");
  await ann.signIn(7000001);
});

/** A process of its own, which can be told Ctrl-C. */
const launch = (...args: string[]) => start(process.execPath, ["--no-warnings", "src/cli/main.ts", ...args], env);
const sqe = (...args: string[]) => call(args, { env });
const json = async (...args: string[]) => {
  const { out, err } = await sqe(...args, "--format", "json");
  return JSON.parse(out || JSON.stringify({ err })) as Record<string, unknown>;
};

/** Reads the address that a command shows, where the person compares the code. */
async function asked({ err }: Running): Promise<{ id: string; page: string; code: string }> {
  const shown = /(\/auth\/confirm\?handoff=(\S+))[^]*code: (\S+)/;
  const [, path = "", id = "", code = ""] = await vi.waitFor(() => shown.exec(err()) ?? expect.fail(err()), 20_000);
  return { id, code, page: await (await ann.ask(path)).text() };
}

/** Says yes or no there. */
async function decide(running: Running, confirm: "yes" | "no", person = ann): Promise<void> {
  const { id, code, page } = await asked(running);
  expect(page).toContain(`>${code}<`);
  expect((await person.send(`/auth/handoffs/${id}/decision`, { confirm })).status).toBe(200);
}

/** A person's keys that still work. */
async function keysOf(person: Person): Promise<unknown[]> {
  // The shape is DESIGN 9's.
  return ((await (await person.ask("/v1/keys")).json()) as { keys: unknown[] }).keys;
}

test("sqe login, whoami, keys, bu and logout, by a person who confirms in a browser", async () => {
  const [denied, left, login] = [
    launch("login", "--url", stack.edge, "--profile", "denied"),
    launch("login", "--url", stack.edge, "--profile", "left"),
    launch("login", "--url", stack.edge),
  ];
  await decide(denied, "no");
  await decide(login, "yes");
  await asked(left);
  left.child.kill("SIGINT");
  expect(await left.ended).toMatchObject({ code: 130, err: expect.stringMatching(/Nobody was signed in\s*$/) });
  expect(await denied.ended).toMatchObject({ code: 3, err: expect.stringContaining("HANDOFF_OVER: It was denied") });
  expect(await login.ended).toMatchObject({ code: 0, out: "", err: expect.stringContaining("business unit 7000001") });
  const path = join(env["XDG_CONFIG_HOME"] ?? "", "sqe/config.json");
  expect((await stat(path)).mode & 0o777).toBe(0o600);

  const scopes = ["runs:read", "runs:write", "runs:target", "tables:read"];
  const until = expect.stringMatching(/^20\d\d-/);
  expect(await json("whoami")).toMatchObject({
    user: { id: "7000091", name: "Ann Alvarez" },
    businessUnit: { mid: 7000001 },
    scopes,
    url: stack.edge,
    credential: { from: 'profile "default"', expiresAt: until },
  });
  const made = await sqe("keys", "create", "nightly", "--scopes", "tables:read", "--days", "2");
  const [, id = ""] = /^sqe_dev_(\w{8})_\w+\n$/.exec(made.out) ?? expect.fail(made.err);
  expect(await json("keys")).toMatchObject({
    keys: [
      { id, name: "nightly", scopes: ["tables:read"] },
      { name: "sqe login", scopes, expiresAt: until },
    ],
  });
  expect(await sqe("keys", "revoke", id)).toMatchObject({ code: 0, out: "" });

  // Confirmed by somebody else, or in the unit where the browser is, which is another one than asked for: nothing changes.
  const ben = openPerson(stack, "ben@enterprise-a.example.com");
  await ben.signIn(7000011);
  const [stranger, wrong] = [launch("bu", "7000011"), launch("bu", "7000012")];
  await decide(stranger, "yes", ben);
  await decide(wrong, "yes");
  expect(await stranger.ended).toMatchObject({
    code: 3,
    err: expect.stringContaining(
      "Confirmed as Ben Baker (7000092) in business unit 7000011, another person than before",
    ),
  });
  expect(await keysOf(ben)).toEqual([]);
  expect(await wrong.ended).toMatchObject({ code: 3, err: expect.stringContaining("unit 7000001, not 7000012") });
  expect((await ann.send("/auth/business-unit", { mid: 7000012 })).status).toBe(200);
  const unit = launch("bu", "7000012");
  await decide(unit, "yes");
  expect(await unit.ended).toMatchObject({ code: 0, err: expect.stringContaining("7000012 from now on") });
  expect(await json("whoami")).toMatchObject({ businessUnit: { mid: 7000012 } });
  // Its key is still there.
  expect(await sqe("bu", "7000001")).toMatchObject({ code: 0 });
  expect(await json("bu")).toEqual({
    businessUnits: [
      { mid: 7000001, isCurrent: true, keyUntil: until },
      { mid: 7000012, isCurrent: false, keyUntil: until },
    ],
  });

  const { profiles } = JSON.parse(await readFile(path, "utf8")) as {
    profiles: { default: { keys: { key: string }[] } };
  };
  expect(await sqe("logout")).toMatchObject({ code: 0, err: expect.stringContaining("is removed") });
  expect(await sqe("whoami")).toMatchObject({ code: 3, err: expect.stringContaining("not signed in") });
  const tokens = profiles.default.keys.map(({ key }) => key);
  expect(tokens).toHaveLength(2);
  const answers = await Promise.all(
    tokens.map((token) => call(["whoami"], { env: { SQE_URL: stack.edge, SQE_TOKEN: token } })),
  );
  for (const answer of answers) expect(answer).toMatchObject({ code: 3, err: expect.stringContaining("was revoked") });
});
