import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allCalls } from "#api/all-calls.ts";
import { app } from "../../src/worker/app.ts";
import { makeCallers, type Caller } from "./support/access/callers.ts";
import { drawOwner, tryAsk } from "./support/access/pairs.ts";
import { asks } from "./support/access/rules.ts";
import { makeOwners, removeThings, standingOf, type Owners } from "./support/access/things.ts";
import { readRun } from "./support/api.ts";

let owners: Owners;
let callers: Caller[];

beforeAll(async () => {
  owners = await makeOwners();
  callers = await makeCallers(owners, owners.me.things.run);
});
afterAll(() => removeThings(owners));

it("there is a rule for every address that the Worker serves besides its pages, and for no other", () => {
  const bridges = app.routes.filter(({ path }) => path.startsWith("/bridge/"));
  const served = [
    ...allCalls.map(({ method, path }) => `${method.toUpperCase()} ${path}`),
    ...bridges.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/, "{$1}")}`),
  ];
  const ruled = new Set(Object.keys(asks).map((ask) => ask.split(" ").slice(0, 2).join(" ")));
  expect([...ruled].toSorted()).toEqual(served.toSorted());
});

// Every pair of caller and owner is in access.long.test.ts.
describe("every kind of caller, with somebody's thing drawn at random, is answered as the rules say", () => {
  it.each(Object.keys(asks))("%s", async (ask) => {
    const start = Object.keys(asks).indexOf(ask) * 100;
    const { wrong } = await tryAsk(ask, callers, owners, (at) => [drawOwner(ask, start + at)]);
    expect(wrong).toEqual([]);
  });

  it("and nobody has touched what belongs to somebody who never called", async () => {
    for (const owner of [owners.colleague, owners.outsider]) {
      expect(await readRun(owner.things.run, owner)).toMatchObject({ status: "queued", version: 1 });
      const { key, connection, member } = (await standingOf(owner)) as Record<string, unknown>;
      expect([key, member]).toEqual([true, "member true"]);
      expect(["changed", `of ${owner.sub}`]).toContain(connection);
    }
  });
});
