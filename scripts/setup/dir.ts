import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where `npm run setup` keeps what it makes: `.sqe` of the project, or SQE_SETUP_DIR. */
export const setUpDir: string =
  process.env["SQE_SETUP_DIR"] ?? join(fileURLToPath(new URL("../..", import.meta.url)), ".sqe");
