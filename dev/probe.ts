import process from "node:process";
import { parseArgs } from "node:util";
import { openPlatform } from "#async/platform.ts";
import { given } from "#lang/given.ts";
import { runProbe, type Probed } from "#probe/probe.ts";
import { reportOf } from "#probe/report.ts";
import { version } from "#protocol/version.ts";
import { openResults, writeResults } from "./probe/results.ts";
import { usage } from "./probe/usage.ts";
import { stopSignal } from "./stack/stop-signal.ts";
import { openOwnTenant, projectsFile, type OwnTenant } from "./tenant/own-tenant.ts";
import { missingVariables } from "./tenant/variables.ts";

// npm run probe: asks a Marketing Cloud what no source tells, and removes what it has made.
const say = (line: string) => console.error(line);
const exits = { done: 0, failed: 1, usage: 2, left: 3, stopped: 130 } as const;
/** A token and the name of the enterprise. */
const signInCalls = 2;
const options = {
  out: { type: "string", default: "probe-results" },
  help: { type: "boolean", default: false },
} as const;

function readWords(): { out: string; help: boolean } | undefined {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return undefined;
  }
}

async function openTenant(): Promise<OwnTenant | undefined> {
  const missing = await missingVariables(process.env, projectsFile);
  for (const name of missing) say(`${name} is missing; docs/own-tenant.md says what it is`);
  return missing.length > 0 ? undefined : openOwnTenant({ caller: process.env, say });
}

async function main(): Promise<number> {
  const words = readWords();
  if (words === undefined) return exits.usage;
  if (words.help) {
    process.stdout.write(usage);
    return exits.done;
  }
  const tenant = await openTenant();
  if (tenant === undefined) return exits.failed;
  await openResults(words.out);
  const probed = await probe(tenant);
  for (const { what, why } of probed.left) say(`May be left in Marketing Cloud: ${what} (${why})`);
  if (probed.left.length === 0) say("Nothing of the probe is left in Marketing Cloud");
  if (!probed.isStopped && probed.failure === undefined) await tell(words.out, tenant, probed);
  if (probed.failure !== undefined) say(`Cannot probe: ${probed.failure}`);
  if (probed.left.length > 0) return exits.left;
  if (probed.isStopped) return exits.stopped;
  return probed.failure === undefined ? exits.done : exits.failed;
}

async function probe(tenant: OwnTenant): Promise<Probed> {
  const stop = new AbortController();
  void stopAtSignal(stop);
  const { sandboxUrl } = tenant;
  return runProbe(
    { connectionId: "probe", ...tenant },
    {
      platform: openPlatform(),
      signal: stop.signal,
      spent: signInCalls,
      onStep: (title, { calls, tookMs }) =>
        say(`${String(Math.round(tookMs / 1000)).padStart(4)} s ${String(calls).padStart(4)} calls  ${title}`),
      ...given({ sandboxUrl }),
    },
  );
}

async function stopAtSignal(stop: AbortController): Promise<void> {
  await stopSignal();
  say("Stopping: removing what was made. A second Ctrl-C ends it at once and leaves it there");
  stop.abort();
}

async function tell(out: string, tenant: OwnTenant, probed: Probed): Promise<void> {
  const { subdomain, clientId, clientSecret, eid, mid, name } = tenant;
  const secrets = [subdomain, clientId, clientSecret, String(eid), String(mid), name];
  const report = reportOf(probed, { version, date: new Date().toISOString().slice(0, 10), secrets });
  process.stdout.write(report);
  const paths = await writeResults(out, probed, { report, eid, mid });
  say(`${probed.calls} calls in ${Math.round(probed.tookMs / 1000)} s. Wrote ${paths.join(", ")}`);
}

// A reader that goes away must not end the probe before its clean-up.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
process.exitCode = await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  return exits.failed;
});
process.exit();
