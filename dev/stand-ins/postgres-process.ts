import { fileURLToPath } from "node:url";
import { z } from "zod";
import { announceReady, variable } from "../stack/child.ts";
import { openNeon } from "./neon.ts";
import { seed, SeedTenant } from "../stack/seed.ts";

// A part of the local stack: Postgres behind Neon's protocol, migrated and seeded. Its database stays on disk when it ends.
const neon = await openNeon({
  port: Number(variable("PORT")),
  migrationsDir: fileURLToPath(new URL("../../migrations", import.meta.url)),
  users: z.record(z.string(), z.string()).parse(JSON.parse(variable("NEON_USERS"))),
  dataDir: variable("DATA_DIR"),
});
const own = process.env["OWN_TENANT"];
await seed(neon, variable("VAULT_KEYS"), own === undefined ? undefined : SeedTenant.parse(JSON.parse(own)));
announceReady(neon.url);
