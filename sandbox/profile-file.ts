import { readFileSync } from "node:fs";
import { z } from "zod";
import { behaviours, type Behaviours } from "./behaviours.ts";
import { profileNames, type ProfileName } from "./profiles.ts";

/** Switches to change, and the profile that they are changes of. */
export const behavioursChange = behaviours.partial().extend({ profile: z.enum(profileNames).optional() });

/** How a sandbox begins. */
export type Start = { profile: ProfileName; switches: Partial<Behaviours> };

/**
 * Reads how a sandbox is to begin: a profile's name, or the path of a JSON file with what `POST /sandbox/behaviours` takes.
 *
 * @throws when the text is neither
 */
export function readStart(text: string): Start {
  const known = profileNames.find((name) => name === text);
  if (known !== undefined) return { profile: known, switches: {} };
  const refuse = (why: string) => new Error(`Cannot start the sandbox: SANDBOX_PROFILE is "${text}", ${why}`);
  if (!text.endsWith(".json")) throw refuse(`not one of ${profileNames.join(", ")}, nor a .json file`);
  const read = behavioursChange.safeParse(readFile(text, refuse));
  if (!read.success) {
    const [issue] = read.error.issues;
    const place = issue?.code === "unrecognized_keys" ? issue.keys.join(", ") : issue?.path.join(".");
    throw refuse(`whose ${place} is no switch, or has a value that it cannot have`);
  }
  const { profile = "friendly", ...switches } = read.data;
  return { profile, switches: given(switches) };
}

function readFile(path: string, refuse: (why: string) => Error): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "which is not JSON" : "which cannot be read";
    throw Object.assign(refuse(why), { cause: error });
  }
}

/** Without members that are undefined, which would take a profile's own value away. */
function given(switches: { [name in keyof Behaviours]?: Behaviours[name] | undefined }): Partial<Behaviours> {
  // zod has checked every value; the filter keeps names and values as they were.
  return Object.fromEntries(Object.entries(switches).filter(([, value]) => value !== undefined)) as Partial<Behaviours>;
}
