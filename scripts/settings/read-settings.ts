import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { readEnvironment, readStackFile } from "../../dev/stack/stack-files.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** The variables of an installation's programs; a program whose variables were not given is absent. */
export type Settings = {
  worker?: Variables;
  bridge?: Variables;
  /** Where they were found, in words. */
  source: string;
  /** The folder of the local stack's logs. */
  logsDir?: string;
};

/** Variables that only one of the two programs has. */
const marks = {
  worker: ["UPSTASH_REDIS_REST_URL", "JWT_SECRET", "RUN_ID_SECRET"],
  bridge: ["EDGE_URL", "REDIS_URL", "DATABASE_SWEEPER_URL"],
} as const;

/**
 * Reads the settings of an installation: from files of `NAME=value` lines, or else of the local stack that runs.
 *
 * @param envFiles each for the Worker, for the bridge or for both, which its variables tell
 * @throws when a file cannot be read or is for neither program, and when there is no file and no stack
 */
export async function readSettings(envFiles: readonly string[], stackDir: string): Promise<Settings> {
  if (envFiles.length === 0) return readStack(stackDir);
  const settings: Settings = { source: envFiles.join(", ") };
  for (const path of envFiles) {
    const text = await readFile(path, "utf8").catch(() => {
      throw new Error(`Cannot read ${path}`);
    });
    const variables = parseEnv(text);
    const isFor = (program: keyof typeof marks) => marks[program].some((name) => variables[name] !== undefined);
    if (!isFor("worker") && !isFor("bridge"))
      throw new Error(`Cannot tell which program ${path} is for: it has no variable that docs/operations.md lists`);
    if (isFor("worker")) settings.worker = { ...settings.worker, ...variables };
    if (isFor("bridge")) settings.bridge = { ...settings.bridge, ...variables };
  }
  return settings;
}

async function readStack(stackDir: string): Promise<Settings> {
  const dir = resolve(stackDir);
  if ((await readStackFile(dir)) === undefined) {
    throw new Error(`Cannot find settings: no stack runs in ${dir}; start one with npm run dev, or name --env-file`);
  }
  const [worker, bridge] = await Promise.all([readEnvironment(dir, "worker"), readEnvironment(dir, "bridge")]);
  const source = `the local stack in ${dir}`;
  return { worker: parseEnv(worker), bridge: parseEnv(bridge), source, logsDir: join(dir, "logs") };
}
