import { execFileSync } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The files of an earlier commit, with the packages and the migrations of the tree that it is compared with. */
export type EarlierTree = { dir: string; close(): Promise<void> };

/**
 * Lays out an earlier commit in a folder of its own.
 *
 * @param here the tree that it is compared with
 * @throws when Git does not know the commit
 */
export async function openTreeOf(here: string, commit: string): Promise<EarlierTree> {
  const dir = await mkdtemp(join(tmpdir(), "sqe-earlier-"));
  const archive = join(dir, "tree.tar");
  try {
    execFileSync("git", ["archive", "--output", archive, commit], { cwd: here, stdio: ["ignore", "ignore", "pipe"] });
  } catch {
    await rm(dir, { recursive: true });
    throw new Error(`Cannot try the upgrade: Git does not know the commit ${commit}`);
  }
  execFileSync("tar", ["-xf", archive, "-C", dir]);
  await rm(archive);
  await symlink(join(here, "node_modules"), join(dir, "node_modules"));
  // Migrations go first (D29), so the earlier programs have to work on this tree's schema.
  await cp(join(here, "migrations"), join(dir, "migrations"), { recursive: true });
  return { dir, close: () => rm(dir, { recursive: true, force: true }) };
}
