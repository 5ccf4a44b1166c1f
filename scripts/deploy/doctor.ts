import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { runProgram } from "../run-program.ts";
import { setUpDir } from "../setup/dir.ts";

const program = fileURLToPath(new URL("../doctor.ts", import.meta.url));

/** What `npm run doctor -- --json` prints, as far as it is read here. */
const Report = z.object({
  examined: z.array(z.object({ id: z.string(), findings: z.array(z.object({ state: z.string(), what: z.string() })) })),
});

/** What a deployment mends itself. */
const mended = /^Migrations are pending/;

/**
 * Asks the doctor about what `npm run setup` has set up.
 *
 * @param isFirst nothing has run yet, so that there was no hourly sweep
 * @param operatorKey with it, the doctor asks the Worker how the service stands
 * @returns what is broken, in its words
 * @throws when it cannot look
 */
export async function readIlls(isFirst: boolean, operatorKey: string | undefined): Promise<string[]> {
  const files = ["worker.env", "bridge.env"].flatMap((name) => ["--env-file", join(setUpDir, name)]);
  const { code, stdout, stderr } = await runProgram([program, ...files, "--json"], {
    ...(operatorKey !== undefined && { env: { SQE_TOKEN: operatorKey } }),
  });
  const report = Report.safeParse(readJson(stdout));
  if (!report.success) throw new Error(stderr.trim() || `npm run doctor ended with ${code}`);
  return report.data.examined
    .filter(({ id }) => !isFirst || id !== "cron")
    .flatMap(({ findings }) => findings)
    .filter(({ state, what }) => state === "broken" && !mended.test(what))
    .map(({ what }) => what);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
