/**
 * Tries every operation of every caller on every table, on PGlite and on a PostgreSQL server, and prints what was reached: `npm run
 * prove:rls`. The exit code is 1 when there is a hole, and when there is no PostgreSQL server here: PGlite alone proves nothing of one (D77).
 */
import process from "node:process";
import { engines } from "../dev/support/engines.ts";
import { makeMatrix } from "./rls/matrix.ts";
import { openSeeded } from "./rls/open.ts";
import { printed } from "./rls/print.ts";

for (const kind of engines) {
  const { name } = kind;
  if (!kind.isHere) {
    console.error(
      `Not proved: ${name} is not installed here, and has to be tried. scripts/system-packages installs it.\n`,
    );
    process.exitCode = 1;
    continue;
  }
  const engine = await kind.open();
  try {
    const { admin } = await openSeeded(engine);
    const { rows } = await admin.query("show server_version");
    const matrix = await makeMatrix(admin);
    console.log(`On ${name}, server_version ${String(rows[0]?.["server_version"])}:\n\n${printed(matrix)}\n`);
    if (matrix.holes.length > 0) process.exitCode = 1;
  } finally {
    await engine.close();
  }
}
