import { expect, test } from "vitest";
import { accounts } from "../../sandbox/accounts.ts";
import { openPerson } from "./support/person.ts";
import { useSharedStack } from "./support/share-stack.ts";
import { start } from "./support/sqe.ts";

const stack = useSharedStack();
const [account = expect.unreachable()] = accounts;

/** A process of `npm run admin`, with a secret on its standard input. */
async function admin(words: string, secret = ""): Promise<string> {
  const args = ["--no-warnings", "scripts/admin.ts", ...words.split(" ")];
  const { code, out, err } = await start(process.execPath, args, { SQE_DEV_DIR: stack.dir }, secret).ended;
  if (code !== 0) throw new Error(`${words}: ${err}`);
  return out;
}

/** The package that somebody at the usual address to sign in is sent to. */
async function sentTo(): Promise<string | null> {
  const answer = await openPerson(stack, "nobody").ask("/auth/login");
  return new URL(answer.headers.get("location") ?? "").searchParams.get("client_id");
}

test("a tenant's people sign in with a package that an operator added, and run with it; removed, the service's counts", async () => {
  const service = await sentTo();
  expect(service).not.toBe(account.clientId);
  const words = `packages add --tenant 7000001 --client-id ${account.clientId} --subdomain ${account.subdomain}`;
  await expect(admin(words, "wrong")).rejects.toThrow("invalid_client");
  const added = await admin(words, `${account.clientSecret}\n`);
  const [, id = ""] = /with package (\S+)\n$/.exec(added) ?? expect.fail(added);
  try {
    expect(await sentTo()).toBe(account.clientId);
    const ben = openPerson(stack, "ben@enterprise-a.example.com");
    await ben.signIn(7000011);
    expect(await ben.run("SELECT TOP 1 CustomerKey FROM Customers")).toMatchObject({ status: "ready" });
  } finally {
    await admin(`packages remove ${id} --yes`);
  }
  expect(await sentTo()).toBe(service);
});
