import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { z } from "zod";
import { readJson } from "#lang/json.ts";
import { version } from "#protocol/version.ts";
import type { Examined } from "./examine.ts";
import type { Patient } from "./finding.ts";
import { maskedVariables, maskFor } from "./mask.ts";

const logLines = 300;
/** What the bridge's log has by its own type: ids, counts, times and words of ours. Anything else stays out. */
const LogLine = z.object({
  at: z.string(),
  event: z.string(),
  runId: z.string().optional(),
  traceId: z.string().optional(),
  jobId: z.string().optional(),
  sweepId: z.string().optional(),
  mid: z.number().optional(),
  delivery: z.number().optional(),
  epoch: z.number().optional(),
  seq: z.number().optional(),
  task: z.string().optional(),
  status: z.string().optional(),
  ending: z.string().optional(),
  code: z.string().optional(),
  call: z.string().optional(),
  httpStatus: z.number().optional(),
  failure: z.string().optional(),
  ms: z.number().optional(),
  waitMs: z.number().optional(),
  count: z.number().optional(),
  places: z.array(z.string()).optional(),
  why: z.string().optional(),
});

/**
 * Writes one file to attach to a report: what the doctor found, how the service stands, which variables are set, and the end
 * of the local bridge's log. No secret, no SQL, no row, no token, no user.
 *
 * @returns the file's path
 */
export async function writeBundle(examined: readonly Examined[], patient: Patient, dir: string): Promise<string> {
  const { settings } = patient;
  const status = await patient.status;
  const bundle = {
    made: new Date().toISOString(),
    version,
    node: process.versions.node,
    system: `${process.platform} ${process.arch}`,
    examined,
    status: status.kind === "told" ? status.status : status.why,
    variables: {
      worker: settings.worker && maskedVariables(settings.worker),
      bridge: settings.bridge && maskedVariables(settings.bridge),
    },
    bridgeLog: settings.logsDir === undefined ? [] : await readLogEnd(join(settings.logsDir, "bridge.log")),
  };
  const path = join(dir, `sqe-doctor-${bundle.made.replaceAll(/[:.]/g, "-")}.json`);
  const text = maskFor(settings)(JSON.stringify(bundle, null, 2));
  await writeFile(path, `${text}\n`, { mode: 0o600, flag: "wx" });
  return path;
}

async function readLogEnd(path: string): Promise<unknown[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  const lines = text.split("\n").slice(-logLines);
  return lines.flatMap((line) => LogLine.safeParse(readJson(line)).data ?? []);
}
