import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

const program = resolve("sandbox/main.ts");
let folder: string;
let started: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-main-"));
});
afterEach(() => {
  for (const child of started) if (child.exitCode === null) child.kill("SIGKILL");
  started = [];
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts the program; `said` is all it has written, `ended` its exit code. */
function start(environment: Record<string, string>): {
  child: ChildProcess;
  said: () => string;
  ended: Promise<unknown>;
} {
  const env = { ...process.env, PORT: "0", SANDBOX_ROWS: "2000", SANDBOX_FILE: "", ...environment };
  const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += String(chunk)));
  return { child, said: () => text, ended: once(child, "exit").then(([code]: unknown[]) => code) };
}

const url = async (said: () => string) => {
  await expect.poll(said).toContain("Ctrl-C");
  return /http:\/\/127\.0\.0\.1:\d+/.exec(said())?.[0] ?? "";
};

test("the program prints URLs and credentials that work, and Ctrl-C ends it", async () => {
  const { child, said, ended } = start({});
  const base = await url(said);
  const [, client_id, client_secret] = /client_id (\S+) +client_secret (\S+)/.exec(said()) ?? [];
  const body = JSON.stringify({ grant_type: "client_credentials", client_id, client_secret });
  expect((await fetch(`${base}/v2/token`, { method: "POST", body })).status).toBe(200);
  child.kill("SIGINT");
  expect(await ended).toBe(0);
});

test("SANDBOX_FILE keeps what was made until Ctrl-C", async () => {
  const SANDBOX_FILE = join(folder, "kept.json");
  const names = async (base: string) => {
    // The control API's contract.
    const state = (await (await fetch(`${base}/sandbox/state`)).json()) as { folders: { name: string }[] };
    return state.folders.map((it) => it.name);
  };
  const first = start({ SANDBOX_FILE });
  const base = await url(first.said);
  const credentials = { client_id: "sandbox-client-a", client_secret: "sandbox-secret-a" };
  const asked = JSON.stringify({ grant_type: "client_credentials", ...credentials });
  // An OAuth answer.
  const { access_token } = (await (await fetch(`${base}/v2/token`, { method: "POST", body: asked })).json()) as Record<
    string,
    string
  >;
  const folderBody = `<ParentFolder><ID>4711</ID></ParentFolder><Name>Kept</Name><Description/><ContentType>dataextension</ContentType>`;
  const body = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Header><fueloauth>${access_token}</fueloauth></s:Header><s:Body><CreateRequest xmlns="http://exacttarget.com/wsdl/partnerAPI"><Objects xsi:type="DataFolder">${folderBody}</Objects></CreateRequest></s:Body></s:Envelope>`;
  await fetch(`${base}/Service.asmx`, { method: "POST", body });
  first.child.kill("SIGINT");
  await first.ended;
  const second = start({ SANDBOX_FILE });
  expect(await names(await url(second.said))).toContain("Kept");
});

test.each([
  ["SANDBOX_PROFILE", "angry", "friendly, realistic, hostile"],
  ["SANDBOX_ROWS", "many", "not a whole number"],
])("%s=%s ends it with one clear line", async (name, value, text) => {
  const { said, ended } = start({ [name]: value });
  expect(await ended).toBe(1);
  expect(said().trim().split("\n")).toEqual([expect.stringContaining(text)]);
});

test("SANDBOX_PROFILE takes a file of switches, and names one that is wrong in it", async () => {
  const file = join(folder, "like-a-tenant.json");
  await writeFile(file, JSON.stringify({ profile: "hostile", keylessKeys: "_customobjectkey", validateDown: false }));
  const like = await url(start({ SANDBOX_PROFILE: file }).said);
  const switches = await (await fetch(`${like}/sandbox/behaviours`)).json();
  expect(switches).toMatchObject({ keylessKeys: "_customobjectkey", validateDown: false, statusStuck: true });
  for (const [text, why] of [
    ['{"statusStuk":true}', "whose statusStuk is no switch"],
    ['{"statusStuck":"yes"}', "whose statusStuck is no switch, or has a value"],
    ["{", "which is not JSON"],
  ] as const) {
    await writeFile(file, text);
    const { said, ended } = start({ SANDBOX_PROFILE: file });
    expect([await ended, said().trim()]).toEqual([1, expect.stringContaining(why)]);
  }
});

test("a port in use ends it with one clear line", async () => {
  const other = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const { said, ended } = start({ PORT: String(typeof address === "object" ? address?.port : "") });
  expect(await ended).toBe(1);
  expect(said()).toContain("set PORT");
  other.close();
});
