import type { Settings, Variables } from "../settings/read-settings.ts";

/** Variables whose values are no secret and say much. */
const plain = new Set([
  "SQE_ENV",
  "SQE_LIMITS",
  "SQE_RUNS_KEPT_DAYS",
  "SQE_GRACE_MS",
  "MCE_CALLS_PER_MINUTE",
  "MCE_CAPABILITIES_FILE",
  "BRIDGE_CONCURRENCY",
  "JWT_ISSUER",
  "JWT_AUDIENCE",
  "EDGE_URL",
]);
/** Shorter ones are words and numbers: masking them would spoil the file and hide nothing. */
const secretMinLength = 6;

/** What may be told of variables: plain values, and of all others the scheme and the length. */
export function maskedVariables(variables: Variables): Record<string, string> {
  const entries = Object.entries(variables).map(([name, value = ""]) => {
    const scheme = /^([a-z]+):\/\//.exec(value)?.[1];
    const kind = scheme === undefined ? "" : `${scheme}://…, `;
    return [name, plain.has(name) ? withoutAccount(value) : `(${kind}${value.length} characters)`];
  });
  return Object.fromEntries(entries);
}

/**
 * Makes a function that takes every secret of the settings out of a text, and everything that looks like one: tokens, keys,
 * envelopes of the vault, passwords in addresses.
 */
export function maskFor({ worker = {}, bridge = {} }: Settings): (text: string) => string {
  const secrets = [...Object.entries(worker), ...Object.entries(bridge)].flatMap(([name, value = ""]) =>
    plain.has(name) ? [] : partsOf(value),
  );
  // Longer ones first: a secret may be a part of another.
  const known = [...new Set(secrets)].filter((text) => text.length >= secretMinLength);
  known.sort((one, other) => other.length - one.length);
  return (text) => {
    const clean = known.reduce((left, secret) => left.replaceAll(secret, "(secret)"), text);
    return clean
      .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "(token)")
      .replaceAll(/\bsqe(?:op)?_[a-z]+_([0-9A-Za-z]{8})_[0-9A-Za-z]{38}\b/g, "(key $1)")
      .replaceAll(/\bv1\.[\w-]{1,16}\.[\w-]+\.[\w-]+/g, "(envelope)")
      .replaceAll(/(\w+:\/\/)[^\s"/@]+@/g, "$1(account)@");
  };
}

/** A value, its password alone, and the parts of a list. */
function partsOf(value: string): string[] {
  const url = URL.parse(value);
  const parts = url === null ? [] : [decodeURIComponent(url.password), url.password, url.hostname];
  const list = value.split(",").map((part) => part.trim());
  const keys = list.map((part) => part.replace(/^[\w-]{1,16}:/, ""));
  // The loopback is no secret, and stands in every address of a local stack.
  const all = [value, ...list, ...keys, ...parts];
  // Also as JSON writes them.
  const escaped = all.map((text) => JSON.stringify(text).slice(1, -1));
  return [...all, ...escaped].filter((part) => part !== "127.0.0.1" && part !== "localhost");
}

function withoutAccount(value: string): string {
  return value.replace(/^(\w+:\/\/)[^/@]*@/, "$1(account)@");
}
