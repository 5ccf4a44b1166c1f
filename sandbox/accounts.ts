/** One enterprise with its installed package. The parent business unit has the enterprise's own id. */
export type Account = {
  eid: number;
  name: string;
  /** Business units the package may sign in to; the first is the parent. */
  mids: readonly number[];
  clientId: string;
  clientSecret: string;
  /** 28 characters, as Marketing Cloud's tenant sub-domains are (MCE 1.1). */
  subdomain: string;
  redirectUris: readonly string[];
  /** People who can sign in; the first may work in every business unit. */
  users: readonly User[];
  /** Further packages. Only the main one has every permission. */
  others: readonly {
    clientId: string;
    clientSecret?: string;
    grantTypes: readonly GrantType[];
    scopes?: readonly string[];
  }[];
};

/** A person of an enterprise; `id` is what userinfo calls `sub`. */
export type User = { id: number; name: string; email: string; mids: readonly number[] };

type GrantType = "client_credentials" | "authorization_code";

/** An installed package and the OAuth grants it may use; a public app has no secret. */
export type Package = {
  account: Account;
  clientId: string;
  clientSecret?: string;
  grantTypes: readonly GrantType[];
  /** The scopes it has; absent: all. */
  scopes?: readonly string[];
  /** Installed in every enterprise; whose person signs in decides which one is meant. */
  isEverywhere?: true;
};

/** The package of a service that people of every enterprise sign in to. */
const everywhere = { clientId: "sandbox-app", clientSecret: "sandbox-app-secret" };

/** The package of a client id among the enterprises there are; undefined when there is none. */
export function packageOf(accounts: readonly Account[], clientId: string): Package | undefined {
  const [home] = accounts;
  if (clientId === everywhere.clientId && home !== undefined)
    return { account: home, ...everywhere, grantTypes: ["authorization_code"], isEverywhere: true };
  for (const account of accounts) {
    const { clientSecret, others } = account;
    if (account.clientId === clientId) {
      return { account, clientId, clientSecret, grantTypes: ["client_credentials", "authorization_code"] };
    }
    const other = others.find((it) => it.clientId === clientId);
    if (other !== undefined) return { account, ...other };
  }
  return undefined;
}

/** The enterprises, of those there are, whose people may sign in to a package. */
export function homesOf(accounts: readonly Account[], { account, isEverywhere }: Package): readonly Account[] {
  return isEverywhere === true ? accounts : [account];
}

/** The two unrelated enterprises the sandbox starts with; their secrets are public on purpose. */
export const accounts: readonly Account[] = [
  {
    eid: 7000001,
    name: "Enterprise A",
    mids: [7000001, 7000011, 7000012],
    clientId: "sandbox-client-a",
    clientSecret: "sandbox-secret-a",
    subdomain: "mcsandbox-enterprise-a000001",
    redirectUris: ["http://localhost/callback", "http://127.0.0.1/callback"],
    users: [
      { id: 7000091, name: "Ann Alvarez", email: "ann@enterprise-a.example.com", mids: [7000001, 7000011, 7000012] },
      { id: 7000092, name: "Ben Baker", email: "ben@enterprise-a.example.com", mids: [7000011] },
    ],
    others: [
      { clientId: "sandbox-server-a", clientSecret: "sandbox-secret-a", grantTypes: ["client_credentials"] },
      { clientId: "sandbox-public-a", grantTypes: ["authorization_code"] },
      {
        clientId: "sandbox-narrow-a",
        clientSecret: "sandbox-secret-a",
        grantTypes: ["client_credentials", "authorization_code"],
        scopes: ["offline", "data_extensions_read", "data_extensions_write", "automations_read"],
      },
      {
        clientId: "sandbox-online-a",
        clientSecret: "sandbox-secret-a",
        grantTypes: ["authorization_code"],
        scopes: [
          "data_extensions_read",
          "data_extensions_write",
          "automations_read",
          "automations_write",
          "automations_execute",
        ],
      },
    ],
  },
  {
    eid: 8000001,
    name: "Enterprise B",
    mids: [8000001],
    clientId: "sandbox-client-b",
    clientSecret: "sandbox-secret-b",
    subdomain: "mcsandbox-enterprise-b000001",
    redirectUris: ["http://localhost/callback", "http://127.0.0.1/callback"],
    users: [{ id: 8000091, name: "Cleo Chen", email: "cleo@enterprise-b.example.com", mids: [8000001] }],
    others: [],
  },
];

/** An enterprise beside those two, with one business unit and one person. @param number from 1 on */
export function furtherAccount(number: number): Account {
  const eid = 9_000_000 + number;
  return {
    eid,
    name: `Enterprise ${number}`,
    mids: [eid],
    clientId: `sandbox-client-${number}`,
    clientSecret: `sandbox-secret-${number}`,
    subdomain: `mcsandbox-enterprise-n${String(number).padStart(6, "0")}`,
    redirectUris: ["http://localhost/callback", "http://127.0.0.1/callback"],
    users: [{ id: eid, name: "Dana Diaz", email: `dana@enterprise-${number}.example.com`, mids: [eid] }],
    others: [],
  };
}
