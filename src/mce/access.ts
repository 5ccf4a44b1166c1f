/** One installed package, signing in to one business unit (`mid`) of one enterprise (`eid`). */
export type MceAccess = {
  connectionId: string;
  mid: number;
  eid: number;
  subdomain: string;
  clientId: string;
  clientSecret: string;
};
