import { randomBytes } from "node:crypto";
import type { Inputs, Values } from "./inputs.ts";

/** The login roles, and the variable that has each one's address (migrations 0001 and 0006 make them). */
const roles = {
  DATABASE_URL: "sqe_app",
  DATABASE_SYSTEM_URL: "sqe_system",
  DATABASE_SWEEPER_URL: "sqe_sweeper",
} as const;
type Role = (typeof roles)[keyof typeof roles];

/** Secrets that are drawn once, and again only by `--rotate`. */
const secretNames = ["BRIDGE_SECRET", "VAULT_KEYS", "RUN_ID_SECRET"] as const;
/** What `--rotate` takes. */
export const rotatable: readonly string[] = [...secretNames, ...Object.keys(roles)];

export type Draw = (bytes: number, encoding: "base64" | "base64url") => string;

/** Random bytes as text. */
export const drawRandom: Draw = (bytes, encoding) => randomBytes(bytes).toString(encoding);

export type Wanted = {
  inputs: Inputs;
  /** The environment, in which an operator may give any of the secrets. */
  given: Values;
  /** What the earlier set-up wrote. */
  known: Values;
  /** Names to be drawn anew. */
  rotate: readonly string[];
  /** Whether the bridge secret before the last rotation is no longer accepted. */
  isRetired: boolean;
  draw: Draw;
};

/** What the programs are told from now on, and how each secret came about. */
export type Plan = {
  worker: Record<string, string>;
  bridge: Record<string, string>;
  passwords: Record<Role, string>;
  made: string[];
  kept: string[];
};

/**
 * Decides every variable of both programs. Pure but for `draw`.
 *
 * @throws for a name that cannot be rotated
 */
export function planOf({ inputs, given, known: written, rotate, isRetired, draw }: Wanted): Plan {
  assertRotatable(rotate, given);
  const known = { ...written, ...pick(given, secretNames) };
  const [made, kept]: [string[], string[]] = [[], []];
  const secret = (name: string, before: string | undefined, make: (before: string | undefined) => string) => {
    const isKept = before !== undefined && !rotate.includes(name);
    (isKept ? kept : made).push(name);
    return isKept ? before : make(before);
  };
  const word = () => draw(32, "base64url");
  const bridgeSecret = secret("BRIDGE_SECRET", known["BRIDGE_SECRET"], word);
  const vaultKeys = secret("VAULT_KEYS", known["VAULT_KEYS"], (before) => nextVaultKeys(before, draw));
  const runIdSecret = secret("RUN_ID_SECRET", known["RUN_ID_SECRET"], word);
  const password = (name: keyof typeof roles) => secret(name, passwordIn(known[name]), word);
  const passwords = {
    sqe_app: password("DATABASE_URL"),
    sqe_system: password("DATABASE_SYSTEM_URL"),
    sqe_sweeper: password("DATABASE_SWEEPER_URL"),
  };
  const urlOf = (role: Role) => roleUrl(inputs.ownerUrl, role, passwords[role]);
  const previous = rotate.includes("BRIDGE_SECRET") ? known["BRIDGE_SECRET"] : known["BRIDGE_SECRET_PREVIOUS"];
  const shared = { DATABASE_URL: urlOf("sqe_app"), BRIDGE_SECRET: bridgeSecret, VAULT_KEYS: vaultKeys };
  return {
    worker: {
      ...inputs.worker,
      ...shared,
      DATABASE_SYSTEM_URL: urlOf("sqe_system"),
      ...(previous === undefined || isRetired ? {} : { BRIDGE_SECRET_PREVIOUS: previous }),
      RUN_ID_SECRET: runIdSecret,
    },
    bridge: { ...inputs.bridge, ...shared, DATABASE_SWEEPER_URL: urlOf("sqe_sweeper") },
    passwords,
    made,
    kept,
  };
}

function assertRotatable(rotate: readonly string[], given: Values): void {
  const stranger = rotate.find((name) => !rotatable.includes(name));
  if (stranger !== undefined) {
    throw new Error(`Cannot rotate "${stranger}": this can be rotated: ${rotatable.join(", ")}`);
  }
  const own = rotate.find((name) => given[name]);
  if (own !== undefined) throw new Error(`Cannot rotate ${own}: you give it; change it where you give it`);
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));
}

/** Puts a new key before the known ones, which still open what they sealed. */
function nextVaultKeys(before: string | undefined, draw: Draw): string {
  const known = before?.split(",") ?? [];
  const taken = new Set(known.map((key) => key.trim().split(":")[0]));
  let number = known.length + 1;
  while (taken.has(`k${number}`)) number += 1;
  return [`k${number}:${draw(32, "base64")}`, ...known].join(",");
}

function passwordIn(url: string | undefined): string | undefined {
  const password = URL.parse(url ?? "")?.password;
  return password ? decodeURIComponent(password) : undefined;
}

function roleUrl(ownerUrl: string, role: Role, password: string): string {
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = password;
  return url.href;
}
