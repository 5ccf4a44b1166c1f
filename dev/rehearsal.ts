import { openSandbox } from "../sandbox/server.ts";
import { stopSignal } from "./stack/stop-signal.ts";
import { openNeonOfServer } from "./stand-ins/neon-of-server.ts";
import { openUpstash } from "./stand-ins/upstash.ts";
import { standInsOf } from "./stand-ins/rehearsal-plan.ts";

// npm run rehearsal: what a rehearsal of production cannot have on one machine: Neon's protocol over the Postgres of
// DATABASE_OWNER_URL, Upstash's over the Redis of REDIS_URL, and a Marketing Cloud; until Ctrl-C or SIGTERM.
const stopped = stopSignal();
try {
  const plan = standInsOf(process.env);
  const servers = await Promise.all([
    openSandbox(plan.sandbox),
    openNeonOfServer(plan.neon),
    openUpstash(plan.upstash),
  ]);
  const names = ["Marketing Cloud", "Neon", "Upstash"];
  console.log("The stand-ins of the rehearsal are up; Ctrl-C stops them");
  for (const [index, { url }] of servers.entries()) console.log(`  ${names[index]?.padEnd(17)}${url}`);
  process.send?.({ event: "READY" });
  await stopped;
  await Promise.all(servers.map((server) => server.close()));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.exit();
