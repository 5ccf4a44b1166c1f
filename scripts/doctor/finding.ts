import type { Settings } from "../settings/read-settings.ts";
import type { StatusAnswer } from "../settings/ask-status.ts";

/** One line of the doctor. Its texts are ours: never a value of a variable, never a text of a service. */
export type Finding =
  | { state: "ok"; what: string }
  /** Could not be looked at, or does not apply. */
  | { state: "skipped"; what: string }
  /** `means`: what does not work because of it; `fix`: what to do. */
  | { state: "broken"; what: string; means: string; fix: string };

export function ok(what: string): Finding {
  return { state: "ok", what };
}

export function skipped(what: string): Finding {
  return { state: "skipped", what };
}

export function broken(what: string, means: string, fix: string): Finding {
  return { state: "broken", what, means, fix };
}

/** The installation that is looked at. */
export type Patient = {
  settings: Settings;
  isDevelopment: boolean;
  /** How the service stands; asked once for all checks. */
  status: Promise<StatusAnswer>;
};

/** One thing to look at. It may give several lines, and must not throw for what it looks for. */
export type Check = {
  /** Stable: for programs that read `--json`. */
  id: string;
  title: string;
  look(patient: Patient, signal: AbortSignal): Promise<Finding[]>;
};
