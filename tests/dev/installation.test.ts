import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openNeon } from "../../dev/stand-ins/neon.ts";

test("the table of what is chosen once takes no second row", async () => {
  const server = await openNeon({
    migrationsDir: fileURLToPath(new URL("../../migrations", import.meta.url)),
    users: {},
  });
  try {
    const add = (jurisdiction: string) =>
      server.query("insert into sqe.installation (jurisdiction) values ($1)", [jurisdiction]);
    await add("eu");
    await expect(add("none")).rejects.toThrow(/duplicate key/);
    await expect(
      server.query("insert into sqe.installation (is_only, jurisdiction) values (false, 'none')"),
    ).rejects.toThrow(/violates check constraint/);
    expect(await server.rows("select jurisdiction from sqe.installation")).toEqual([{ jurisdiction: "eu" }]);
  } finally {
    await server.close();
  }
});
