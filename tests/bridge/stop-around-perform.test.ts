import { beforeEach, describe, expect, test } from "vitest";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { RunId } from "#protocol/ids.ts";
import type { Run } from "#run/run.ts";
import type { Bridge } from "../../src/queue-bridge/bridge.ts";
import { claimAnew } from "./support/another-start.ts";
import { watchFor, type MceCall } from "./support/mce-calls.ts";
import { fillTarget, makeTarget } from "./support/targets.ts";
import { performsOf } from "./support/ledger.ts";
import { soon } from "./support/soon.ts";
import { useWorld } from "./support/use-world.ts";
import type { World } from "./support/world.ts";

const world = useWorld({ behaviours: { durationMs: 150 } });

beforeEach(async () => {
  await makeTarget(world, { customerKey: "Mine", fields });
  await fillTarget(world, "Mine", [{ Id: "A", Points: 1 }]);
});

const fields: readonly FieldDefinition[] = [
  { name: "Id", fieldType: "Text", maxLength: 50, isPrimaryKey: true },
  { name: "Points", fieldType: "Number" },
];
const sql = "SELECT 'B' AS Id, 2 AS Points";
const target = { customerKey: "Mine", mode: "append" } as const;
const waits = { pollMinMs: 60, notRunningGraceMs: 700, settleMs: 100, stoppedAloneMs: 100, effectTimeoutMs: 1500 };

type Mood = ReturnType<World["edge"]["trouble"]>;

/** How an append ended, how often MCE took it, and how often it wrote its rows. */
async function outcomeOf(id: RunId) {
  const run = await world.over(id);
  return { end: endOf(run), ...(await performsOf(world)) };
}

const endOf = (run: Run) => (run.status === "failed" ? run.error.code : run.status);
const onceDone = { end: "ready", performs: 1, applied: 1 };

/** Stops the bridge at its first request of a kind; from then on the edge answers as `later` decides. */
function stopAt(bridge: Bridge, isIt: (verb: string, body: string) => boolean, later: (verb: string) => Mood) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isStopping = false;
  world.edge.trouble = ({ verb, body }) => {
    if (!isStopping && isIt(verb, body)) {
      isStopping = true;
      resolve(bridge.close());
    }
    return isStopping ? later(verb) : "answer";
  };
  return { stopped: promise };
}

describe("an append whose bridge stops in order is performed once by the next one, whatever was in flight:", () => {
  test.each([
    ["its claim", "claim", ""],
    ["the report of its columns", "transitions", '"planned"'],
    ["the report of its query", "transitions", '"created"'],
    ["its grant", "grant", ""],
    ["the report of its Perform", "transitions", '"performed"'],
  ])("%s", async (_, verb, word) => {
    const first = await world.startBridge(waits);
    const { stopped } = stopAt(
      first,
      (asked, body) => asked === verb && body.includes(word),
      () => "answer",
    );
    const id = await world.submit(sql, { target });
    await stopped;
    await world.startBridge(waits);
    expect(await outcomeOf(id)).toEqual(onceDone);
  });

  test.each<MceCall>(["SOAP Create QueryDefinition", "SOAP Perform", "SOAP Retrieve AsyncActivityStatus"])(
    "%s",
    async (call) => {
      const { sent } = watchFor(call);
      const first = await world.startBridge(waits);
      const id = await world.submit(sql, { target });
      await sent;
      await first.close();
      await world.startBridge(waits);
      expect(await outcomeOf(id)).toEqual(onceDone);
    },
  );

  test.each<[string, (verb: string) => Mood]>([
    ["whose answer is lost", (verb) => (verb === "grant" ? "lose-the-answer" : "answer")],
    ["whose answer is lost with the edge itself", (verb) => (verb === "grant" ? "lose-the-answer" : "refuse")],
    ["that never arrives", () => "refuse"],
  ])("its grant, %s", async (_, later) => {
    const first = await world.startBridge(waits);
    const { stopped } = stopAt(first, (verb) => verb === "grant", later);
    const id = await world.submit(sql, { target });
    await stopped;
    world.edge.trouble = () => "answer";
    await world.startBridge(waits);
    expect(await outcomeOf(id)).toEqual(onceDone);
  });
});

test("a grant whose answer is late is given back, and the next start asks for another", async () => {
  let lost = 0;
  // Until the start gives up; its report and the next start get through again.
  world.edge.trouble = ({ verb }) => (verb === "grant" && lost < 3 && (lost += 1) > 0 ? "lose-the-answer" : "answer");
  await world.startBridge({ ...waits, effectTimeoutMs: 400 });
  const id = await world.submit(sql, { target });
  expect(await outcomeOf(id)).toEqual(onceDone);
  expect(world.edge.run(id)).toMatchObject({ grant: { n: 2 } });
});

test("a start that is fenced before it could use its grant leaves no open grant to the next start", async () => {
  let isFenced = false;
  world.edge.trouble = ({ id, verb }) => {
    if (verb !== "grant" || isFenced) return "answer";
    isFenced = true;
    void claimAnew(world, id);
    return "lose-the-answer";
  };
  await world.startBridge(waits);
  const { id, job } = world.accept(sql, { target });
  await world.put(job);
  await soon(() => expect(world.logged).toContainEqual({ event: "start ended", runId: id, ending: "fenced" }));
  await world.put({ ...job, delivery: 2, isClaimed: true });
  expect(await outcomeOf(id)).toEqual(onceDone);
});

test("a run that is canceled while its grant is in flight is never performed", async () => {
  world.edge.trouble = ({ id, verb }) => {
    // Asked, not yet answered: the cancel arrives before the grant.
    if (verb === "grant") void world.redis.publish("sqe:cancel", id);
    return verb === "grant" ? "lose-the-answer" : "answer";
  };
  await world.startBridge(waits);
  const id = await world.submit(sql, { target });
  await soon(() => expect(world.edge.run(id).grant).toBeDefined());
  world.edge.cancel(id);
  expect(await outcomeOf(id)).toEqual({ end: "canceled", performs: 0, applied: 0 });
});
