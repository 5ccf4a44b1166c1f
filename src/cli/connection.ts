import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readJson } from "#lang/json.ts";
import { UsageError } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** Where the engine is, and the token to call it with. */
export type Connection = { url: string; token?: string };

const howTo =
  "Set SQE_URL to its address and SQE_TOKEN to a token, or call sqe below a folder where `npm run dev` is running";

/**
 * Finds the engine: `SQE_URL` and `SQE_TOKEN`, else the stack that `npm run dev` runs in this folder or one above. The token of
 * such a stack is for its own address only.
 *
 * @throws UsageError when there is none
 */
export function findConnection({ env, cwd }: Pick<Terminal, "env" | "cwd">): Connection {
  const url = env["SQE_URL"]?.trim() || undefined;
  const token = env["SQE_TOKEN"]?.trim() || undefined;
  if (url !== undefined && !URL.canParse(url)) throw new UsageError(`SQE_URL is no address: ${url}`);
  const stack = url !== undefined && token !== undefined ? undefined : findStack(env, cwd);
  const address = url ?? stack?.url;
  if (address === undefined) throw new UsageError(`Cannot tell where the engine is. ${howTo}`);
  const isStack = stack !== undefined && new URL(stack.url).origin === new URL(address).origin;
  const bearer = token ?? (isStack ? stack.token : undefined);
  return { url: address, ...(bearer !== undefined && { token: bearer }) };
}

type Stack = { url: string; token: string };

function findStack(env: Terminal["env"], cwd: string): Stack | undefined {
  const name = env["SQE_DEV_DIR"] || ".dev";
  for (let dir = resolve(cwd); ; dir = dirname(dir)) {
    const stack = readStack(join(resolve(dir, name), "stack.json"));
    if (stack !== undefined || dir === dirname(dir)) return stack;
  }
}

function readStack(path: string): Stack | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  // Only the stack writes this file; it removes it when it ends.
  const file = readJson(text) as { edge?: string; tokens?: { alice?: string } } | undefined;
  const { edge, tokens } = file ?? {};
  return edge === undefined || tokens?.alice === undefined ? undefined : { url: edge, token: tokens.alice };
}
