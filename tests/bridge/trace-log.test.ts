import { expect, test } from "vitest";
import { soon } from "./support/soon.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ behaviours: { durationMs: 300 } });
const trace = "4bf92f3577b34da6a3ce929d0e0e4736";

test("every line about a run has its trace, from the command to the last call of its clean-up", async () => {
  await world.startBridge();
  const { id, job } = world.accept("SELECT CustomerKey FROM Customers");
  await world.ask("faults", [{ call: "SOAP Create DataExtension", status: 503 }]);
  await world.put({ ...job, traceparent: `00-${trace}-00f067aa0ba902b7-01` });
  await world.over(id);
  await soon(() => expect(world.logged.map(({ call }) => call)).toContain("SOAP Delete QueryDefinition"));
  const own = world.logged.filter(({ runId }) => runId === id);
  expect(new Set(own.map(({ event }) => event))).toEqual(
    new Set(["command taken", "claimed", "mce call", "mce call failed", "start ended"]),
  );
  expect(own.filter(({ traceId }) => traceId !== trace)).toEqual([]);
  expect(own).toContainEqual(
    expect.objectContaining({ event: "mce call", call: "SOAP Perform", httpStatus: 200, ms: expect.any(Number) }),
  );
  expect(own).toContainEqual(expect.objectContaining({ event: "mce call failed", failure: "unavailable" }));
  // Calls to Marketing Cloud of no run: none, in a world with one run.
  expect(world.logged.filter(({ call, runId }) => call !== undefined && runId === undefined)).toEqual([]);
});

test("a run of an edge that knows no traces runs as before, and its lines have the run alone", async () => {
  await world.startBridge();
  const id = await world.submit("SELECT CustomerKey FROM Customers");
  expect((await world.over(id)).status).toBe("ready");
  const own = world.logged.filter(({ runId }) => runId === id);
  expect(own.length).toBeGreaterThan(5);
  expect(own.filter((line) => "traceId" in line)).toEqual([]);
});
