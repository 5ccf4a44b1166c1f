import { expect, test } from "vitest";
import { performsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ behaviours: { durationMs: 300 } });

const sql = "SELECT CustomerKey FROM Customers WHERE 1 = 1";

/** The edge cannot read transitions of one type, and accepts all others. */
function cannotRead(type: string): { requests: number } {
  const seen = { requests: 0 };
  world.edge.trouble = ({ verb, body }) => {
    if (verb !== "transitions") return "answer";
    seen.requests += 1;
    return JSON.parse(body).type === type ? "call-malformed" : "answer";
  };
  return seen;
}

test.each(["planned", "noted", "performed", "ready"])(
  "a run whose %s the edge calls malformed ends at once as INTERNAL, and cleans up",
  async (type) => {
    const seen = cannotRead(type);
    await world.startBridge();
    const id = await world.submit(sql);
    const run = await world.over(id);
    expect(run).toMatchObject({
      status: "failed",
      error: { code: "INTERNAL", detail: expect.stringMatching(new RegExp(`"${type}".*result.customerKey`)) },
    });
    expect(seen.requests).toBeLessThan(20);
    expect((await performsOf(world)).performs).toBeLessThanOrEqual(1);
    expect(world.logged).toContainEqual(
      expect.objectContaining({ event: "report malformed", runId: id, why: `${type}: result.customerKey` }),
    );
    // The end of this file's world checks that all of it is gone from MCE.
  },
);

test("an error the edge calls malformed still ends its run, as INTERNAL", async () => {
  let refusals = 0;
  world.edge.trouble = ({ verb, body }) =>
    verb === "transitions" && JSON.parse(body).type === "failed" && refusals++ === 0 ? "call-malformed" : "answer";
  await world.startBridge();
  const run = await world.over(await world.submit("SELECT Nothing FROM Customers WHERE 1 = 1"));
  expect(run).toMatchObject({
    status: "failed",
    error: { code: "INTERNAL", detail: expect.stringContaining("failed") },
  });
});

test("a run whose every transition is malformed is left alone: it is not started again and again", async () => {
  const claims: string[] = [];
  world.edge.trouble = ({ verb, body }) => {
    if (verb === "claim") claims.push(body);
    return verb === "transitions" ? "call-malformed" : "answer";
  };
  await world.startBridge();
  const id = await world.submit(sql);
  await expect.poll(() => world.logged.some(({ event }) => event === "start ended")).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect([claims.length, world.edge.run(id).status, (await performsOf(world)).performs]).toEqual([1, "running", 0]);
  world.edge.cancel(id);
});
