import { expect, it } from "vitest";
import { reportOf } from "#probe/report.ts";
import type { Probed } from "#probe/probe.ts";
import { access, openProbeWorld } from "./support/probe-world.ts";

const secrets = [access.subdomain, access.clientId, access.clientSecret, String(access.eid), String(access.mid)];
const about = { version: "1.2.3", date: "2026-01-15", secrets };
const guid = /[0-9a-f]{8}-[0-9a-f]{4}-/i;

it("reportOf() has what Marketing Cloud said, and no id, token or secret even where an answer repeats them", async () => {
  const tenant = openProbeWorld();
  const echoed = `No ${access.clientSecret} ${access.mid} 0b54f4f8-6f0b-4b43-9d63-3a5f3c5b7e11 at https://${access.subdomain}.rest.marketingcloudapis.com/x for bob@example.com, ErrorID: 1234567`;
  const faultstring = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>${echoed}</faultstring></soap:Fault></soap:Body></soap:Envelope>`;
  tenant.world.faults.add([{ call: "SOAP Create QueryDefinition", nth: 9, times: 3, status: 500, body: faultstring }]);
  const probed = await tenant.probe();
  const said = JSON.stringify(probed.lines);
  const report = reportOf(probed, about);
  expect(said).toContain("bob@example.com");
  for (const word of [...secrets, "bob@example.com", "1234567", "QPPROBE_0", "https://"])
    expect(report).not.toContain(word);
  const tasks = tenant.world.store.tasks.map(({ id }) => String(id));
  expect(tasks.length).toBeGreaterThanOrEqual(3);
  for (const id of tasks) expect(report).not.toMatch(new RegExp(`\\b${id}\\b`));
  expect(report).not.toMatch(guid);
  expect(report).not.toMatch(/[0-9a-f]{12}/);
  expect(report).toContain("| Several TaskIDs in one IN | 3 rows for 3 |");
  expect(report).toContain("310003");
  expect(
    report
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .every((line) => line.endsWith("|")),
  ).toBe(true);
});

it("reportOf() masks a value in the error of a run", async () => {
  const errorMsg = "Conversion failed when converting the varchar value 'Alice Miller' to data type int.";
  const tenant = openProbeWorld({ errorMsg, errorTimes: 100 });
  const probed = await tenant.probe();
  expect(JSON.stringify(probed.lines)).toContain("Alice Miller");
  const report = reportOf(probed, about);
  expect(report).not.toContain("Alice");
  expect(report).toContain("Conversion failed when converting the varchar value '…' to data type int.");
  expect([probed.left, tenant.left()]).toEqual([[], []]);
});

it("reportOf() says what was not settled, and that things were left", () => {
  const probed: Probed = {
    findings: {},
    lines: [{ question: "The life of a snapshot", answer: "not asked", isOpen: true }],
    failure: `the folders cannot be read: ${access.clientSecret}`,
    isStopped: false,
    calls: 3,
    tookMs: 2100,
    left: [{ what: "folder", why: "no answer" }],
  };
  expect(reportOf(probed, about)).toBe(`# What Marketing Cloud answered to a probe

Shell Query Engine 1.2.3, 2026-01-15; 3 calls in 2 s.

It ended early: the folders cannot be read: …

| Question | Answer | Code | Marketing Cloud's words |
|---|---|---|---|

## Not settled

- The life of a snapshot: not asked

1 things of the probe may be left in Marketing Cloud.
`);
});
