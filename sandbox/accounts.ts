/** One installed package of one enterprise; its home is the parent business unit, which has the enterprise's own id. */
export type Account = {
  eid: number;
  name: string;
  /** Business units the package may sign in to; the first is the parent. */
  mids: readonly number[];
  clientId: string;
  clientSecret: string;
  /** 28 characters, as Marketing Cloud's tenant sub-domains are (FACTS 1.1). */
  subdomain: string;
  redirectUris: readonly string[];
};

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
  },
  {
    eid: 8000001,
    name: "Enterprise B",
    mids: [8000001],
    clientId: "sandbox-client-b",
    clientSecret: "sandbox-secret-b",
    subdomain: "mcsandbox-enterprise-b000001",
    redirectUris: ["http://localhost/callback", "http://127.0.0.1/callback"],
  },
];
