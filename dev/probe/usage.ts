/** What `npm run probe -- --help` prints. */
export const usage = `Usage: npm run probe [-- --out DIR]

Asks a Marketing Cloud of yours what no source tells: how it runs queries, what it refuses, and in which words. It takes
at most 10 minutes and 150 calls, makes a few tables and queries of its own in two folders "QueryPlusPlus Probe", and
removes all of it at the end, also after Ctrl-C. It reads no table of yours.

  --out DIR   where the files go (probe-results)
  --help      this text

  report.md             to send back: no rows, no secrets, ids masked. Standard output has it, too
  capabilities.json     what a bridge can begin with: MCE_CAPABILITIES_FILE=DIR/capabilities.json. It has your EID and MID
  sandbox-profile.json  a sandbox like your tenant: SANDBOX_PROFILE=DIR/sandbox-profile.json npm run sandbox

Which Marketing Cloud: MCE_SUBDOMAIN, MCE_CLIENT_ID, MCE_CLIENT_SECRET and MCE_MID, from the environment or .env
(docs/own-tenant.md). Take a child business unit for trials.

Exit codes: 0 done, 1 it could not begin, 2 usage, 3 something may be left in Marketing Cloud (standard error says what),
130 stopped by Ctrl-C with nothing left.
`;
