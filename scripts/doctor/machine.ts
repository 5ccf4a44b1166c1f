import process from "node:process";
import { arch, platform, release } from "node:os";
import { broken, ok, type Check } from "./finding.ts";

/** The bridge runs TypeScript unbuilt, without a flag, from this version on. */
const nodeMajor = 24;

/** The machine on which the doctor runs; a bridge beside it has the same Node. */
export const machineCheck: Check = {
  id: "machine",
  title: "Machine",
  look: () => Promise.resolve([machineFinding(process.versions.node)]),
};

/** What to say of a Node version. */
export function machineFinding(version: string) {
  const where = `${platform()} ${release()}, ${arch()}`;
  if (Number(version.split(".")[0]) >= nodeMajor) return ok(`Node ${version} on ${where}`);
  return broken(
    `Node ${version} on ${where}`,
    `The bridge needs Node ${nodeMajor}: it runs TypeScript unbuilt`,
    `Install Node ${nodeMajor}, or use the image; in a checkout, start programs with npm run`,
  );
}
