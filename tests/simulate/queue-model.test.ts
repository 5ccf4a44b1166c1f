import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openVirtualClock } from "../calm/support/virtual-clock.ts";
import { openTestRedis } from "../support/open-test-redis.ts";
import { modelPart, partTimes, realPart, type JobPart } from "./support/parts.ts";

const redis = await openTestRedis();
let queues = 0;

const ids = ["1a", "2b", "3c", "4d"] as const;
const id = fc.constantFrom(...ids);
const token = fc.constantFrom("one", "other");
const jobCommand = fc.oneof(
  fc.record({ verb: fc.constant("add" as const), id, priority: fc.nat(3), isDelayed: fc.boolean() }),
  fc.record({ verb: fc.constantFrom("take" as const, "take" as const), id, token }),
  fc.record({
    verb: fc.constantFrom("finish" as const, "delay" as const, "fail" as const, "extend" as const),
    id,
    token,
  }),
  fc.record({ verb: fc.constant("promote" as const), id }),
  fc.record({ verb: fc.constant("priority" as const), id, priority: fc.nat(3) }),
);
type JobCommand = typeof jobCommand extends fc.Arbitrary<infer T> ? T : never;

async function doJob(part: JobPart, command: JobCommand, known: ReadonlySet<string>): Promise<unknown> {
  switch (command.verb) {
    case "add":
      return part.add(command.id, { priority: command.priority, delay: command.isDelayed ? 3_600_000 : 0 });
    case "take":
      return part.take(command.token);
    case "promote":
      return part.promote(command.id);
    case "priority":
      return known.has(command.id) ? part.changePriority(command.id, command.priority) : undefined;
    case "finish":
    case "delay":
    case "fail":
    case "extend":
      return known.has(command.id) ? part[command.verb](command.id, command.token) : undefined;
  }
}

test("the model of the queue takes, delays and ends jobs as BullMQ does", async () => {
  const property = fc.asyncProperty(fc.array(jobCommand, { maxLength: 30, size: "max" }), async (commands) => {
    const real = await realPart(redis, `q${(queues += 1)}`);
    const model = modelPart(openVirtualClock(1_000_000));
    const known = new Set<string>();
    try {
      for (const command of commands) {
        const told = JSON.stringify(commands);
        expect(await doJob(model, command, known), told).toEqual(await doJob(real, command, known));
        if (command.verb === "add") known.add(command.id);
        for (const one of ids) expect(await model.stateOf(one), told).toBe(await real.stateOf(one));
      }
    } finally {
      await real.close();
    }
  });
  await fc.assert(property, { numRuns: 40, seed: 1 });
});

const parts: readonly [string, () => Promise<JobPart>][] = [
  ["the model", async () => modelPart(openVirtualClock(1_000_000))],
  ["BullMQ", () => realPart(redis, `q${(queues += 1)}`)],
];

test.each(parts)(
  "a job whose lock has run out is taken again before all others, and its first holder is refused: %s",
  async (_, open) => {
    const part = await open();
    await part.add("1a", {});
    await part.add("2b", {});
    expect(await part.take("one")).toBe("1a");
    await part.pass(partTimes.lockMs + 4 * partTimes.stalledCheckMs);
    expect(await part.stateOf("1a")).toBe("waiting");
    expect(await part.take("other")).toBe("1a");
    expect([await part.finish("1a", "one"), await part.finish("1a", "other")]).toEqual(["refused", "done"]);
    expect(await part.take("other")).toBe("2b");
    await part.close();
  },
);

test.each(parts)("a job whose lock is renewed stays with its holder: %s", async (_, open) => {
  const part = await open();
  await part.add("1a", {});
  await part.take("one");
  for (let times = 0; times < 8; times += 1) {
    await part.pass(partTimes.lockMs / 6);
    expect(await part.extend("1a", "one")).toBe("done");
  }
  expect([await part.stateOf("1a"), await part.extend("1a", "other")]).toEqual(["active", "refused"]);
  await part.close();
});
