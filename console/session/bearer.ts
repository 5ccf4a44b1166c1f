let known: string | undefined;

/** The token that calls carry; undefined: the browser's cookie says who calls. It lives in memory only. */
export function bearer(): string | undefined {
  return known;
}

/** Takes a token, or forgets the one there is. */
export function setBearer(token: string | undefined): void {
  known = token;
}
