/** One step of a deployment. */
export type Step = {
  name: string;
  /** @returns what it did, in a few words; undefined when there was nothing to do @throws with the reason */
  run: () => Promise<string | undefined>;
  /** What to do when it fails. */
  advice: string;
};

/**
 * Runs steps one after the other, and says one line about each; stops at the first that fails.
 *
 * @returns whether all succeeded
 */
export async function runSteps(steps: readonly Step[], say: (line: string) => void): Promise<boolean> {
  const width = Math.max(...steps.map(({ name }) => name.length)) + 2;
  for (const { name, run, advice } of steps) {
    try {
      say(`✔ ${name.padEnd(width)}${(await run()) ?? "nothing to do"}`);
    } catch (error) {
      say(`✘ ${name.padEnd(width)}${error instanceof Error ? error.message : "unknown"}`);
      say(`  ${advice}`);
      return false;
    }
  }
  return true;
}
