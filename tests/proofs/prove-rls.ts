/**
 * Tries every operation of every caller on every table, on every Postgres of this machine, and prints what was reached: `npm run
 * prove:rls`. The exit code is 1 when there is a hole (D77).
 */
import { engines } from "../dev/support/engines.ts";
import { makeMatrix } from "./rls/matrix.ts";
import { openSeeded } from "./rls/open.ts";
import { printed } from "./rls/print.ts";

for (const kind of engines) {
  const { name } = kind;
  if (!kind.isHere) {
    console.log(`Not tried on ${name}: there is none here. scripts/system-packages installs it.\n`);
    continue;
  }
  const engine = await kind.open();
  try {
    const matrix = await makeMatrix((await openSeeded(engine)).admin);
    console.log(`On ${name}:\n\n${printed(matrix)}\n`);
    if (matrix.holes.length > 0) process.exitCode = 1;
  } finally {
    await engine.close();
  }
}
