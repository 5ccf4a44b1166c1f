import { afterAll, beforeAll, expect, it } from "vitest";
import { makeCallers, type Caller } from "./support/access/callers.ts";
import { ownersFor, tryAsk } from "./support/access/pairs.ts";
import { asks } from "./support/access/rules.ts";
import type { Sent } from "./support/access/send.ts";
import { printed } from "./support/access/table.ts";
import { makeOwners, removeThings, standingOf, type Owners } from "./support/access/things.ts";
import { readRun } from "./support/api.ts";

let owners: Owners;
let callers: Caller[];
const all: Sent[] = [];

beforeAll(async () => {
  owners = await makeOwners();
  callers = await makeCallers(owners, owners.me.things.run);
});
afterAll(async () => {
  await removeThings(owners);
  console.log(printed(all));
});

// `npm run prove:access` prints what came.
it.each(Object.keys(asks))(
  "every kind of caller, with everybody's things, is answered as the rules say: %s",
  async (ask) => {
    const { sent, wrong } = await tryAsk(ask, callers, owners, () => ownersFor(ask));
    all.push(...sent);
    expect(wrong).toEqual([]);
  },
);

it("nobody has touched what belongs to somebody who never called", async () => {
  for (const owner of [owners.colleague, owners.outsider]) {
    expect(await readRun(owner.things.run, owner)).toMatchObject({ status: "queued", version: 1 });
    const { key, connection, member } = (await standingOf(owner)) as Record<string, unknown>;
    expect([key, member]).toEqual([true, "member true"]);
    expect(["changed", `of ${owner.sub}`]).toContain(connection);
  }
});
