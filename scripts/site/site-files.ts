import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { allCalls } from "#api/all-calls.ts";
import { builtClient } from "../package/build.ts";
import { builtConsole } from "./console.ts";
import { filesBelow } from "./files.ts";
import { headersFile } from "./headers-file.ts";
import { documentOf } from "./openapi.ts";

/** What of Swagger UI its page needs. */
const swaggerFiles = ["swagger-ui.css", "swagger-ui-bundle.js"];

/** Every static file by its path below the site's folder. */
export async function siteFiles(root: string): Promise<Map<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>();
  const source = join(root, "site");
  for (const path of await filesBelow(source)) files.set(relative(source, path), await readFile(path));
  const swagger = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/swagger-ui.css")));
  for (const name of swaggerFiles) files.set(`docs/${name}`, await readFile(join(swagger, name)));
  for (const [path, content] of await builtConsole(root)) files.set(path, content);
  files.set("client/sqe.js", await builtClient());
  files.set("_headers", headersFile());
  files.set("openapi.json", JSON.stringify(documentOf(allCalls)));
  return files;
}
