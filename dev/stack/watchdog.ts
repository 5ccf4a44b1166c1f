import { endProcessesOf, signalGroup } from "./process-table.ts";
import { removeStackFile } from "./stack-files.ts";

// A separate program. When its supervisor was killed (kill -9), it ends the processes that cannot notice that (Redis,
// workerd), and then itself. Arguments: the stack's id and folder.
const [, , stackId = "", dir = ""] = process.argv;
let leaders: number[] = [];

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => undefined);

process.on("message", (message) => {
  // Only our supervisor has the other end of the channel; it sends the leaders of its process groups.
  leaders = message as number[];
});

process.on("disconnect", () => {
  for (const leader of leaders) signalGroup(leader, "SIGKILL");
  void endProcessesOf(stackId)
    .then(() => removeStackFile(dir, stackId))
    .finally(() => process.exit(0));
});
