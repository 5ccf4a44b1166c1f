/** The page's own address: a frame of another site has one that this site may frame (D67). */
export const home: "/" | "/frame" = globalThis.location?.pathname === "/frame" ? "/frame" : "/";

/** Whether the page is in a frame, where Marketing Cloud's sign-in cannot be shown. */
export const isFramed: boolean = globalThis.self !== globalThis.top;
