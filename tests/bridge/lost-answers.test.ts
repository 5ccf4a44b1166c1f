import { describe, expect, test } from "vitest";
import { errorOf, modes, runWith } from "./support/performs.ts";
import { useWorld } from "./support/use-world.ts";
import { isLong } from "../support/tier.ts";

const world = useWorld({ behaviours: { durationMs: 150 } });

const lostAnswers: [string, object][] = [
  ["the connection breaks behind it", { drop: "after" }],
  ["the answer is cut off", { truncateAt: 200 }],
  ["no answer comes in time", { delayMs: 60_000 }],
];

describe.each(isLong ? modes : modes.filter(({ name }) => name === "temp" || name === "append"))(
  "in mode $name, a Perform whose answer is lost is found by its query's key",
  (mode) => {
    test.each(lostAnswers)("and reported as it was: %s", async (_, fault) => {
      const { run, performs, applied } = await runWith(world, [fault], mode);
      expect([run.status, performs, applied]).toEqual(["ready", 1, 1]);
      expect(run.grant).toMatchObject({ n: 1, state: "performed", taskId: expect.stringMatching(/^\d+$/) });
    });
  },
);

const [temp, , append] = modes;

describe.each([temp, append])(
  "in mode $name, a Perform whose answer is lost is found",
  (mode = expect.unreachable()) => {
    test("and fails as MCE failed it", async () => {
      await world.ask("behaviours", { errorMsg: "Divide by zero error encountered." });
      const { run, performs } = await runWith(world, [{ drop: "after" }], mode);
      expect([errorOf(run)?.code, performs]).toEqual(["QUERY_FAILED", 1]);
    });

    test.each([
      ["listed late", { statusMissingPolls: 2 }, []],
      ["long in the queue", { durationMs: 2500, queuedMs: 2000 }, []],
      [
        "behind a list that fails for a while",
        {},
        [{ call: "SOAP Retrieve AsyncActivityStatus", as: "server-error", times: 3 }],
      ],
      [
        "behind a list that answers Retry-After",
        {},
        [{ call: "SOAP Retrieve AsyncActivityStatus", as: "throttled", times: 1 }],
      ],
    ])("%s", async (_, behaviours, faults) => {
      await world.ask("behaviours", { ...behaviours });
      const { run, performs, applied } = await runWith(world, [{ drop: "after" }, ...faults], mode);
      expect([run.status, performs, applied]).toEqual(["ready", 1, 1]);
    });
  },
);
