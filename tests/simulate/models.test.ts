import * as fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { openLines, type Lines } from "../../src/queue-bridge/queue/line.ts";
import { ageSlots } from "../support/age-slots.ts";
import { openTestRedis } from "../support/open-test-redis.ts";
import { openModelLines } from "./support/lines.ts";
import { openModelRedis } from "./support/redis.ts";

const redis = await openTestRedis();
beforeEach(() => redis.flushall());

const units = [
  { tenantId: "a", mid: 1 },
  { tenantId: "a", mid: 2 },
  { tenantId: "b", mid: 1 },
] as const;
const whichRun = { unit: fc.constantFrom(...units), run: fc.nat(11) };
const lineCommand = fc.oneof(
  fc.record({ verb: fc.constant("enter" as const), ...whichRun }),
  fc.record({ verb: fc.constant("take" as const), ...whichRun, order: fc.nat(12) }),
  fc.record({ verb: fc.constant("leave" as const), ...whichRun }),
  fc.record({ verb: fc.constant("call again" as const), ...whichRun }),
  fc.record({ verb: fc.constant("pass" as const), ...whichRun, ms: fc.nat(70_000) }),
);
type LineCommand = typeof lineCommand extends fc.Arbitrary<infer T> ? T : never;

async function doLine(lines: Lines, command: Exclude<LineCommand, { verb: "pass" }>): Promise<unknown> {
  const { unit, run } = command;
  const waiting = { unit, runId: `r${run}`, jobId: `j${run}` };
  const byRun = (one: { runId: string }, other: { runId: string }) => (one.runId < other.runId ? -1 : 1);
  switch (command.verb) {
    case "enter":
      return lines.enter(waiting);
    case "take":
      return lines.take(waiting, command.order);
    case "leave":
      return lines.leave(waiting);
    case "call again":
      // Those that were called at one moment have no order.
      return [
        (await lines.callAgain(unit)).toSorted(byRun),
        (await lines.units()).map(({ mid }) => `${mid}`).toSorted(),
      ];
  }
}

test("the model of the lines answers as the Lua in Redis does", async () => {
  const property = fc.asyncProperty(fc.array(lineCommand, { maxLength: 60, size: "max" }), async (commands) => {
    await redis.flushall();
    let passedMs = 0;
    const real = openLines(redis);
    const model = openModelLines(() => Date.now() + passedMs);
    for (const command of commands) {
      if (command.verb === "pass") {
        passedMs += command.ms;
        await ageSlots(redis, command.ms);
      } else expect(await doLine(model, command), JSON.stringify(command)).toEqual(await doLine(real, command));
    }
  });
  await fc.assert(property, { numRuns: 100, seed: 1 });
});

const streamCommand = fc.oneof(
  fc.constant("add" as const),
  fc.constant("read" as const),
  fc.constant("take over all" as const),
  fc.constant("take over the idle" as const),
  fc.constant("acknowledge" as const),
  fc.constant("make the group" as const),
  fc.constantFrom("lose everything" as const),
);

test("the model of the streams answers as Redis does", async () => {
  const key = "s";
  const group = "g";
  const textOf = (entries: readonly [string, string[]][]) => entries.map(([, fields]) => fields[1]);
  const property = fc.asyncProperty(fc.array(streamCommand, { maxLength: 40, size: "max" }), async (commands) => {
    await redis.flushall();
    const model = openModelRedis(() => 1_000_000);
    let pending: { real: string[]; model: string[] } = { real: [], model: [] };
    let count = 0;
    for (const command of commands) {
      const real = async (): Promise<unknown> => {
        switch (command) {
          case "add":
            return void (await redis.xadd(key, "*", "f", `${count}`));
          case "read": {
            const words = ["GROUP", group, "c", "COUNT", 2, "STREAMS", key, ">"] as const;
            // Redis answers [[stream, entries]], or nothing.
            const reply = (await redis.xreadgroup(...words)) as [string, [string, string[]][]][] | null;
            const entries = reply?.[0]?.[1] ?? [];
            pending.real.push(...entries.map(([entry]) => entry));
            return textOf(entries);
          }
          case "take over all":
          case "take over the idle": {
            const idleMs = command === "take over all" ? 0 : 1_000_000;
            const reply = await redis.xautoclaim(key, group, "c", idleMs, "0-0", "COUNT", 50);
            return textOf((reply as [string, [string, string[]][]])[1]);
          }
          case "acknowledge":
            if (pending.real.length === 0) return undefined;
            await redis.xack(key, group, ...pending.real);
            return void (await redis.xdel(key, ...pending.real));
          case "make the group":
            return void (await redis.xgroup("CREATE", key, group, "0", "MKSTREAM"));
          case "lose everything":
            return void (await redis.flushall());
        }
      };
      const ours = (): unknown => {
        const texts = (entries: { fields: string[] }[]) => entries.map(({ fields }) => fields[1]);
        switch (command) {
          case "add":
            return void model.xadd(key, ["f", `${count}`]);
          case "read": {
            const entries = model.readGroup(key, group, 2);
            pending.model.push(...entries.map((entry) => entry.id));
            return texts(entries);
          }
          case "take over all":
          case "take over the idle":
            return texts(model.autoclaim(key, group, command === "take over all" ? 0 : 1_000_000));
          case "acknowledge":
            return pending.model.length === 0 ? undefined : model.acknowledge(key, group, pending.model);
          case "make the group":
            return model.xgroupCreate(key, group);
          case "lose everything":
            return model.clear();
        }
      };
      const first = (error: unknown) =>
        String(error)
          .replace(/^\w*Error: /, "")
          .split(" ")[0];
      const said = await Promise.resolve().then(ours).catch(first);
      expect(said, JSON.stringify(commands)).toEqual(await real().catch(first));
      if (command === "acknowledge" || command === "lose everything") pending = { real: [], model: [] };
      count += 1;
    }
  });
  await fc.assert(property, { numRuns: 60, seed: 1 });
});
