import { describe, expect, test } from "vitest";
import { askGrant } from "./support/another-start.ts";
import { errorOf, modes, plain, runWith, type Mode } from "./support/performs.ts";
import { callsOf, performsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";
import { isLong } from "../support/tier.ts";

// With keys in the status list a lost answer is soon found again; most of these tests go without.
const world = useWorld({ behaviours: { durationMs: 150, statusWithoutKeys: true } });

const refusal = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><PerformResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><Results><Result><StatusCode>Error</StatusCode><StatusMessage>Exception occurred during [Schedule::Start] ErrorID = 7</StatusMessage><ErrorCode>2</ErrorCode></Result></Results><OverallStatus>Error</OverallStatus></PerformResponseMsg></soap:Body></soap:Envelope>`;
const unread = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>Error: The object cannot be read</OverallStatus><RequestID>r</RequestID></RetrieveResponseMsg></soap:Body></soap:Envelope>`;
const nameless = refusal.replaceAll("Error</", "OK</");

describe.each(isLong ? modes : modes.filter(({ name }) => name === "temp" || name === "append"))(
  "in mode $name, Perform",
  (mode) => {
    test.each([
      ["a throttling fault with HTTP 500", { as: "throttled" }],
      ["HTTP 429", { status: 429, body: { errorcode: 50100 }, headers: { "Retry-After": "1" } }],
    ])("is granted anew after %s", async (_, fault) => {
      const { run, performs, applied } = await runWith(world, [fault], mode);
      expect([run.status, run.grant?.n, run.grant?.state, performs, applied]).toEqual(["ready", 2, "performed", 1, 1]);
    });

    test("is sent again under the same grant when only its token had expired", async () => {
      const { run, performs, applied } = await runWith(world, [{ as: "token-expired" }], mode);
      expect([run.status, run.grant?.n, performs, applied]).toEqual(["ready", 1, 1, 1]);
    });

    test("is not sent late under an old grant, but granted anew, when the new token took long", async () => {
      const late = { call: "AUTH token", nth: 2, delayMs: 800 };
      const own = { performWithinMs: 600 };
      const { run, performs, applied } = await runWith(world, [{ as: "token-expired" }, late], mode, mode.sql, own);
      expect([run.status, run.grant?.n, performs, applied]).toEqual(["ready", 2, 1, 1]);
    });

    test.each([
      ["a fresh token is refused too", { as: "login-failed", times: 2 }, "REAUTH_REQUIRED"],
      ["MCE answers with StatusCode Error", { status: 200, body: refusal }, "QUERY_FAILED"],
    ])("ends the run and frees its grant when %s", async (_, fault, code) => {
      const { run, performs, applied } = await runWith(world, [fault], mode);
      expect([errorOf(run)?.code, run.grant?.state, performs, applied]).toEqual([code, "rejected", 0, 0]);
    });

    // The answer never arrives, or says nothing. `isDone`: MCE has started the query all the same.
    test.each([
      ["the connection breaks before MCE hears of it", { drop: "before" }, false],
      ["MCE answers with a server fault", { as: "server-error" }, false],
      ["MCE answers with neither Error nor a TaskID", { status: 200, body: nameless }, false],
      ["the connection breaks behind it", { drop: "after" }, true],
      ["the answer is cut off", { truncateAt: 200 }, true],
      ["no answer comes in time", { delayMs: 60_000 }, true],
    ])("is settled by reading, never guessed, when %s", async (_, fault, isDone) => {
      const { run, performs, applied } = await runWith(world, [fault], mode);
      const once = isDone ? 1 : 0;
      if (!mode.isRepeatable) {
        expect([errorOf(run)?.code, performs, applied]).toEqual(["OUTCOME_UNKNOWN", once, once]);
        expect(errorOf(run)?.fix).toContain("Mine");
        return;
      }
      // Rows prove it in a table of the run's own; into a target it is done once more, which changes nothing.
      const isProven = isDone && mode.target === undefined;
      const times = isProven ? 1 : once + 1;
      expect([run.status, run.grant?.n, performs, applied]).toEqual(["ready", isProven ? 1 : 2, times, times]);
    });
  },
);

/** The answer is lost, the query runs. */

test("a status list that refuses the question is asked once, and the other signals decide", async () => {
  const [, , append] = modes;
  const refuses = { call: "SOAP Retrieve AsyncActivityStatus", status: 200, body: unread, times: 1000 };
  const { run, performs, applied } = await runWith(world, [{ drop: "after" }, refuses], append ?? expect.unreachable());
  expect([errorOf(run)?.code, performs, applied]).toEqual(["OUTCOME_UNKNOWN", 1, 1]);
  expect((await callsOf(world)).filter((call) => call === "SOAP Retrieve AsyncActivityStatus")).toHaveLength(1);
});

test("a lost TaskID never makes 0 rows ready: the query is performed again, with a TaskID", async () => {
  const { run, performs } = await runWith(
    world,
    [{ drop: "after" }],
    { name: "temp", sql: plain, isRepeatable: true },
    `${plain} WHERE 1 = 0`,
  );
  expect(run).toMatchObject({ status: "ready", rowCount: 0, grant: { n: 2, taskId: expect.any(String) } });
  expect(performs).toBe(2);
});

test.each([
  ["queues it for long", { durationMs: 2500, queuedMs: 2000 }],
  ["does not say yet that it runs", { durationMs: 1200, isRunningLateMs: 500 }],
])("a lost answer to an append is waited for, not given up, while MCE %s", async (_, behaviours) => {
  await world.ask("behaviours", behaviours);
  const [, , append] = modes;
  const { run, performs, applied } = await runWith(
    world,
    [{ drop: "after" }],
    append ?? { name: "", sql: "", isRepeatable: false },
  );
  expect([errorOf(run)?.code, performs, applied]).toEqual(["OUTCOME_UNKNOWN", 1, 1]);
  expect(errorOf(run)?.detail).toContain("it ran");
});

describe("a lost answer to Perform is not mistaken for a query that never ran", () => {
  const temp: Mode = { name: "temp", sql: plain, isRepeatable: true };
  const lost = { drop: "after" } as const;

  test.each([
    [
      "while `isrunning` does not answer",
      { durationMs: 1200 },
      [{ call: "REST isrunning", status: 500, body: "", times: 3 }],
    ],
    [
      "while the rowset cannot be asked",
      { durationMs: 150 },
      [{ call: "REST rowset", status: 500, body: "", times: 2 }],
    ],
    ["while the rowset is silent", { durationMs: 150, rowsetLateMs: 600 }, []],
  ])("%s", async (_, behaviours, faults) => {
    await world.ask("behaviours", behaviours);
    const { run, performs } = await runWith(world, [lost, ...faults], temp);
    expect([run.status, run.grant?.n, performs]).toEqual(["ready", 1, 1]);
  });
});

test("a rowset that stays silent for three graces counts as one that nothing was written into", async () => {
  const silent = { call: "REST rowset", status: 404, body: {}, times: 1000 };
  const runs = runWith(world, [{ drop: "before" }, silent], { name: "temp", sql: plain, isRepeatable: true });
  await expect.poll(() => performsOf(world)).toMatchObject({ performs: 1 });
  await world.ask("faults", undefined, "DELETE");
  const { run } = await runs;
  expect([run.status, run.grant?.n]).toEqual(["ready", 2]);
});

/** Orders faults once the run has asked for its grant, so that they hit no earlier call. */
function onceGranted(faults: readonly object[]): void {
  let isAsked = false;
  world.edge.trouble = ({ verb }) => {
    if (verb === "grant" && !isAsked) {
      isAsked = true;
      void world.ask("faults", faults);
    }
    return "answer";
  };
}

test("an update whose target cannot be read after a lost answer is not sent again", async () => {
  const [, , , update] = modes;
  onceGranted([{ call: "SOAP Retrieve DataExtension*", status: 200, body: unread, times: 20 }]);
  const { run, performs } = await runWith(world, [{ drop: "before" }], update ?? expect.unreachable());
  expect([errorOf(run)?.code, performs]).toEqual(["OUTCOME_UNKNOWN", 0]);
});

test("a Perform that was not sent because there was no token frees its grant, also for an append", async () => {
  const [, , append] = modes;
  const { run, performs, applied } = await runWith(
    world,
    [{ as: "token-expired" }, { call: "AUTH token", status: 503, body: "", nth: 2 }],
    append ?? expect.unreachable(),
  );
  expect([run.status, run.grant?.n, performs, applied]).toEqual(["ready", 2, 1, 1]);
});

test("a grant is asked for only after the shell was reported", async () => {
  const heard: string[] = [];
  let refusals = 0;
  world.edge.trouble = ({ verb, body }) => {
    const isLate = body.includes('"created"') && (refusals += 1) < 4;
    if (!isLate)
      heard.push(verb === "transitions" ? (/"(?:planned|created|performed)"/.exec(body)?.[0] ?? verb) : verb);
    return isLate ? "refuse" : "answer";
  };
  await runWith(world, [], { name: "temp", sql: plain, isRepeatable: true });
  expect(heard.filter((word) => word !== "alive").slice(0, 6)).toEqual([
    "claim",
    '"planned"',
    '"created"',
    '"created"',
    "grant",
    '"performed"',
  ]);
});

test("a Perform that was granted to another start is not sent: it is settled by reading", async () => {
  const [, , append] = modes;
  let isTaken = false;
  world.edge.trouble = ({ id, verb, body }) => {
    if (isTaken || verb !== "transitions" || !body.includes('"queryDefinition"')) return "answer";
    isTaken = true;
    // The bridge reports once more before it asks for its grant.
    void askGrant(world, id);
    return "refuse";
  };
  const { run, performs } = await runWith(world, [], append ?? expect.unreachable());
  expect([isTaken, errorOf(run)?.code, performs]).toEqual([true, "OUTCOME_UNKNOWN", 0]);
});
