import { describe, expect, it, vi } from "vitest";
import { openLoopbackServer } from "../../dev/stand-ins/loopback-server.ts";
import { stepsOf, type Deployment } from "../../scripts/deploy/plan.ts";
import { assertHealthy } from "../../scripts/deploy/smoke.ts";
import { runSteps, type Step } from "../../scripts/deploy/steps.ts";

const names = (deployment: Partial<Deployment>) =>
  stepsOf({
    ownerUrl: undefined,
    worker: {},
    bridge: { EDGE_URL: "https://sqe.example" },
    isDryRun: false,
    isFirst: false,
    ...deployment,
  }).map(({ name }) => name);

describe("runSteps()", () => {
  const step = (name: string, run: Step["run"]): Step => ({ name, run, advice: `mend ${name}` });

  it("says one line about each step", async () => {
    const lines: string[] = [];
    const steps = [step("a", async () => "did it"), step("long", async () => undefined)];
    expect(await runSteps(steps, (line) => lines.push(line))).toBe(true);
    expect(lines).toEqual(["✔ a     did it", "✔ long  nothing to do"]);
  });

  it("stops at the first step that fails, and says what to do", async () => {
    const lines: string[] = [];
    const last = vi.fn(async () => undefined);
    const steps = [step("a", () => Promise.reject(new Error("it is broken"))), step("b", last)];
    expect(await runSteps(steps, (line) => lines.push(line))).toBe(false);
    expect([lines, last.mock.calls]).toEqual([["✘ a  it is broken", "  mend a"], []]);
  });
});

it("stepsOf() asks the doctor first, and last where nothing is deployed yet", () => {
  expect(names({})).toEqual(["doctor", "migrate", "build", "deploy", "smoke run"]);
  expect(names({ isFirst: true })).toEqual(["migrate", "build", "deploy", "smoke run", "doctor"]);
  expect(names({ isFirst: true, isDryRun: true })).toEqual(["migrate", "build", "deploy", "smoke run"]);
});

it("assertHealthy() says why the Worker is not healthy, also when nothing listens", async () => {
  const problems = ["RUN_ID_SECRET is missing", "DATABASE_URL is missing"];
  const edge = await openLoopbackServer(0, async () => ({ status: 503, body: { ok: false, problems } }));
  await expect(assertHealthy(edge.url, 0)).rejects.toThrow(`/healthz answers 503: ${problems.join("; ")}`);
  await edge.close();
  await expect(assertHealthy(edge.url, 0)).rejects.toThrow(/\/healthz does not answer: .*ECONNREFUSED/);
});
