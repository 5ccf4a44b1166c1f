import { writeDevVars } from "./stack/dev-vars.ts";
import { openStack } from "./stack/stack.ts";
import { stopSignal } from "./stack/stop-signal.ts";
import { welcome } from "./stack/welcome.ts";
import { cleanTenant } from "./tenant/clean-tenant.ts";
import { openOwnTenant } from "./tenant/own-tenant.ts";

// npm run dev: the stack until Ctrl-C or SIGTERM.
const stopped = stopSignal();
const dir = process.env["SQE_DEV_DIR"] ?? ".dev";
const portBase = Number(process.env["PORT_BASE"] ?? 8787);
const say = (line: string) => console.error(line);
try {
  const tenant = await openOwnTenant({ caller: process.env, say: (line) => console.log(line) });
  const mce = tenant === undefined ? "the Marketing Cloud sandbox, " : "";
  console.log(`Starting Redis, Postgres, ${mce}the edge and the bridge …`);
  const stack = await Promise.race([openStack({ dir, portBase, say }, tenant), stopped]);
  if (stack !== undefined) {
    await writeDevVars(dir);
    console.log(welcome(stack.file(), dir, tenant));
    await stopped;
    if (tenant !== undefined) await cleanTenant(tenant, stack.file(), { say: (line) => console.log(line) });
    await stack.stop();
  }
  console.log("Stopped");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.exit();
