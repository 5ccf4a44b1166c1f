import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { openMetrics } from "../../src/queue-bridge/metrics/metrics.ts";
import { registerQueueMetrics } from "../../src/queue-bridge/metrics/queue.ts";
import { registerReadiness } from "../../src/queue-bridge/metrics/readiness.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const textOf = (path: string) => readFileSync(root + path, "utf8");

type Rule = { alert: string; expr: string; annotations: { runbook: string } };
type RuleTest = { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] };
// Both files are our own; promtool checks their shape.
const { rules } = (parse(textOf("ops/alerts.yml")) as { groups: [{ rules: Rule[] }] }).groups[0];
const { tests } = parse(textOf("ops/alerts.test.yml")) as { tests: RuleTest[] };
const dashboard = JSON.parse(textOf("ops/grafana-dashboard.json")) as {
  panels: { title: string; targets: { expr: string }[] }[];
};
const operations = textOf("docs/operations.md");

/** The series of a bridge by their names, and their kinds. */
async function series(): Promise<Map<string, string>> {
  const { registry } = openMetrics();
  registerQueueMetrics(registry, async () => undefined);
  registerReadiness(registry, async () => true);
  const lines = (await registry.metrics()).matchAll(/^# TYPE (\S+) (\S+)$/gm);
  return new Map([...lines].map(([, name = "", kind = ""]) => [name, kind]));
}

/** The series that a query of Prometheus names, as `/metrics` names them. */
function namesIn(expr: string): string[] {
  return [...expr.matchAll(/\b(?:sqe|process|nodejs)_\w+/g)].map(([name]) => name);
}

function isKnown(name: string, known: Map<string, string>): boolean {
  const [, base = ""] = /^(.*)_(?:bucket|sum|count)$/.exec(name) ?? [];
  return known.has(name) || known.get(base) === "histogram";
}

describe("the dashboard", () => {
  it("has eight panels, each with a query", () => {
    expect(dashboard.panels.map(({ targets }) => targets.length > 0)).toEqual(Array(8).fill(true));
  });

  it("asks only for series that a bridge has", async () => {
    const known = await series();
    const asked = dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr)));
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !isKnown(name, known))).toEqual([]);
  });

  it("shows every series of our own", async () => {
    const own = [...(await series()).keys()].filter((name) => name.startsWith("sqe_"));
    const shown = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join("\n");
    const alerted = rules.map(({ expr }) => expr).join("\n");
    expect(own.filter((name) => !shown.includes(name) && !alerted.includes(name))).toEqual([]);
  });
});

describe("an alert", () => {
  const names = rules.map(({ alert }) => alert);

  it.each(rules)("$alert asks only for series that a bridge has", async ({ expr }) => {
    const known = await series();
    expect(namesIn(expr)).not.toEqual([]);
    expect(namesIn(expr).filter((name) => !isKnown(name, known))).toEqual([]);
  });

  it.each(rules)("$alert leads to its entry in docs/operations.md", ({ alert, annotations }) => {
    const [, entry = ""] = new RegExp(`^### ${alert}$([^]*?)(?=^##)`, "m").exec(operations) ?? [];
    expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    for (const part of ["**Means**", "**Look at**", "**Do**"]) expect(entry).toContain(part);
  });

  it("has an entry in docs/operations.md only when it exists", () => {
    expect([...operations.matchAll(/^### (Sqe\w+)$/gm)].map(([, name]) => name)).toEqual(names);
  });

  it.each(names)("%s is shown firing and silent", (name) => {
    const shown = tests.flatMap((one) => one.alert_rule_test.filter(({ alertname }) => alertname === name));
    expect(shown.some(({ exp_alerts: firing }) => firing.length > 0)).toBe(true);
    expect(shown.some(({ exp_alerts: firing }) => firing.length === 0)).toBe(true);
  });
});

describe("docs/operations.md", () => {
  it("explains every series of our own, and no other", async () => {
    const own = [...(await series()).keys()].filter((name) => name.startsWith("sqe_"));
    const explained = [...operations.matchAll(/^\| `(sqe_\w+)/gm)].map(([, name = ""]) => name);
    expect(explained.toSorted()).toEqual(own.toSorted());
  });
});

/** Of Debian's package prometheus; no npm package brings it. */
const promtool = "promtool";
const hasPromtool = spawnSync(promtool, ["--version"]).status === 0;

describe.skipIf(!hasPromtool)(`promtool${hasPromtool ? "" : " (skipped: it is not installed)"}`, () => {
  it.each([
    ["check rules", "alerts.yml"],
    ["test rules", "alerts.test.yml"],
  ])("%s accepts ops/%s", (verb, file) => {
    const { status, stdout, stderr } = spawnSync(promtool, [...verb.split(" "), `ops/${file}`], {
      cwd: root,
      encoding: "utf8",
    });
    expect(status, stdout + stderr).toBe(0);
  });
});
