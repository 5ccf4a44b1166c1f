import { openVault } from "#db/vault.ts";
import type { Variables } from "../settings/read-settings.ts";
import { broken, ok, skipped, type Check, type Finding } from "./finding.ts";

/** The secrets, looked at without asking anybody. That both sides have the same bridge secret, the edge's check proves. */
export const secretsCheck: Check = {
  id: "secrets",
  title: "Secrets",
  async look({ settings: { worker, bridge } }) {
    return [
      ...(await vaultFindings("Worker", worker)),
      ...(await vaultFindings("bridge", bridge)),
      ...(worker === undefined || bridge === undefined
        ? [skipped("Secrets of both sides: only one side is given")]
        : [bridgeSecretFinding(worker, bridge), vaultsFinding(worker, bridge)]),
    ];
  },
};

async function vaultFindings(program: string, variables: Variables | undefined): Promise<Finding[]> {
  if (variables === undefined) return [];
  const vault = await openVault(variables["VAULT_KEYS"] ?? "").catch(() => undefined);
  if (vault !== undefined)
    return [ok(`VAULT_KEYS of the ${program}: ${vault.keys.size} of 32 bytes, newest "${vault.newest}"`)];
  return [
    broken(
      `VAULT_KEYS of the ${program} cannot be decoded`,
      `The ${program} can open no secret of a connection`,
      "Write kid:base64 of 32 bytes each, separated by commas, the newest first",
    ),
  ];
}

function bridgeSecretFinding(worker: Variables, bridge: Variables): Finding {
  const { BRIDGE_SECRET: newest, BRIDGE_SECRET_PREVIOUS: previous } = worker;
  const used = (bridge["BRIDGE_SECRET"] ?? "").split(",")[0];
  if (used === newest) return ok("BRIDGE_SECRET is the same on both sides");
  if (used === previous) return ok("BRIDGE_SECRET is being rotated: the bridge still signs with the previous one");
  return broken(
    "BRIDGE_SECRET differs between Worker and bridge",
    "The Worker refuses every call of the bridge, so no run is worked on",
    "Set the same secret on both sides; to rotate it, see docs/operations.md",
  );
}

function vaultsFinding(worker: Variables, bridge: Variables): Finding {
  const keysOf = ({ VAULT_KEYS: keys = "" }: Variables) => keys.split(",").map((key) => key.trim());
  // The first one seals, so the order counts.
  if (keysOf(worker).join() === keysOf(bridge).join()) return ok("VAULT_KEYS are the same on both sides");
  return broken(
    "VAULT_KEYS differ between Worker and bridge",
    "One side cannot open what is sealed with a key that it lacks",
    "Set the same list on both sides",
  );
}
