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
  /** Further packages. Only the main one has every permission. */
  others: readonly { clientId: string; clientSecret?: string; grantTypes: readonly GrantType[] }[];
};

type GrantType = "client_credentials" | "authorization_code";

/** An installed package and the OAuth grants it may use; a public app has no secret. */
export type Package = {
  account: Account;
  clientId: string;
  clientSecret?: string;
  grantTypes: readonly GrantType[];
};

/** The package of a client id; undefined when there is none. */
export function packageOf(clientId: string): Package | undefined {
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
    others: [
      { clientId: "sandbox-server-a", clientSecret: "sandbox-secret-a", grantTypes: ["client_credentials"] },
      { clientId: "sandbox-public-a", grantTypes: ["authorization_code"] },
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
    others: [],
  },
];
