import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

export type RealPostgres = {
  /**
   * Creates a database and returns its addresses: for its owner, who may create roles and is not a superuser, as at Neon; for
   * a superuser; and, where the server listens on a port, for its owner with host, port and password.
   */
  createDatabase(): Promise<{ ownerUrl: string; adminUrl: string; networkUrl?: string }>;
  close(): Promise<void>;
};

const ownerPassword = "the-owner-of-all-databases";

/** Where Debian puts Postgres' programs, newest first; undefined where there are none. */
export const postgresPrograms = readdirOrNone("/usr/lib/postgresql")
  .sort((a, b) => Number(b) - Number(a))
  .map((version) => `/usr/lib/postgresql/${version}/bin`)
  .find((folder) => existsSync(`${folder}/initdb`));

/**
 * Starts a Postgres server of its own, which listens on a socket in its folder, where it asks for no password; as another
 * user where we are root: it refuses root.
 *
 * @param port it listens there, too, and asks for a password; absent: on the socket only
 */
export async function openRealPostgres(programs: string, port?: number): Promise<RealPostgres> {
  const dir = mkdtempSync(join(tmpdir(), "sqe-postgres-"));
  const nobody = process.getuid?.() === 0 ? userOf("nobody") : undefined;
  if (nobody !== undefined) chownSync(dir, nobody.uid, nobody.gid);
  const words = ["-D", join(dir, "data"), "-U", "admin", "--no-sync", "--encoding=UTF8", "--locale=C"];
  words.push("--auth-local=trust", "--auth-host=scram-sha-256");
  execFileSync(join(programs, "initdb"), words, { ...nobody, stdio: "ignore", cwd: dir });
  const network = port === undefined ? ["listen_addresses="] : ["listen_addresses=127.0.0.1", `port=${port}`];
  const settings = ["fsync=off", ...network, `unix_socket_directories=${dir}`].flatMap((line) => ["-c", line]);
  const server = spawn(join(programs, "postgres"), ["-D", join(dir, "data"), ...settings], {
    ...nobody,
    stdio: "ignore",
    cwd: dir,
  });
  const at = (user: string, database: string) =>
    `postgres://${user}@localhost${port === undefined ? "" : `:${port}`}/${database}?host=${dir}`;
  const ask = async (sql: string) => {
    const admin = new Client({ connectionString: at("admin", "postgres") });
    await admin.connect();
    await admin.query(sql).finally(() => admin.end());
  };
  await untilUp(() => ask(`create role owner login createrole password '${ownerPassword}'`));
  let made = 0;
  return {
    async createDatabase() {
      made += 1;
      await ask(`create database d${made} owner owner`);
      const urls = { ownerUrl: at("owner", `d${made}`), adminUrl: at("admin", `d${made}`) };
      const networkUrl = `postgres://owner:${ownerPassword}@127.0.0.1:${port}/d${made}`;
      return port === undefined ? urls : { ...urls, networkUrl };
    },
    async close() {
      const ended = once(server, "exit");
      server.kill("SIGINT");
      await ended;
      rmSync(dir, { recursive: true });
    },
  };
}

/** Repeats a call until the server takes it. `vi.waitFor()` is not there for `npm run prove:rls`, which is no test. */
async function untilUp(call: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries === 300) throw error;
      await sleep(100);
    }
  }
}

function userOf(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function readdirOrNone(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir) : [];
}
