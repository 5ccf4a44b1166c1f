import { html } from "hono/html";
import type { NoBeginning, NotSignedIn } from "../auth/sign-in.ts";
import { page, type Html } from "./page.ts";

/** Asks for the sub-domain, which nobody knows by heart. */
export function subdomainPage(wish: {
  next: string;
  invitation?: string;
  subdomain?: string;
  isStrange: boolean;
}): Html {
  const { next, invitation, subdomain = "", isStrange } = wish;
  const alert = isStrange
    ? html`<p class="alert" role="alert">That is not a sub-domain of Marketing Cloud: it begins with “mc”.</p>`
    : "";
  const invited = invitation === undefined ? "" : html`<input type="hidden" name="invitation" value="${invitation}" />`;
  return page(
    "Sign in",
    html`<p>Your Marketing Cloud sub-domain tells us where you sign in.</p>
      ${alert}
      <form method="get" action="/auth/login">
        <input type="hidden" name="return" value="${next}" />${invited}
        <label for="subdomain">Sub-domain</label>
        <input
          id="subdomain"
          name="subdomain"
          value="${subdomain}"
          required
          autofocus
          autocomplete="on"
          spellcheck="false"
          autocapitalize="none"
          aria-describedby="where"
        />
        <p class="hint" id="where">
          The part before <code>.auth.marketingcloudapis.com</code>. Your administrator finds it in Setup, under the
          installed package’s API Integration. A whole address from there works, too.
        </p>
        <button>Continue to Marketing Cloud</button>
      </form>`,
  );
}

/** Says who is signed in where, and lets the person change the business unit or sign out. */
export function accountPage(who: {
  name: string;
  tenant: string;
  mid: number;
  mids: readonly number[];
  isAdministrator: boolean;
}): Html {
  const { name, tenant, mid, mids, isAdministrator } = who;
  const others = mids.filter((it) => it !== mid);
  return page(
    "Signed in",
    html`<dl>
        <dt>Person</dt>
        <dd>${name}${isAdministrator ? " (administrator)" : ""}</dd>
        <dt>Enterprise</dt>
        <dd>${tenant}</dd>
        <dt>Business unit</dt>
        <dd id="mid">${mid}</dd>
      </dl>
      <a class="button" href="/">Open the console</a>
      <h2>Choose a business unit</h2>
      <form action="/auth/business-unit" data-call>
        <p class="alert" role="alert"></p>
        ${
          others.length === 0
            ? ""
            : html`<p class="choices">
                ${others.map((it) => html`<button name="mid" value="${it}" class="plain" formnovalidate>${it}</button> `)}
              </p>`
        }
        <label for="other">Another one, by its MID</label>
        <input id="other" name="mid" inputmode="numeric" pattern="[0-9]{1,15}" required aria-describedby="mid-hint" />
        <p class="hint" id="mid-hint">
          Marketing Cloud decides whether you may work there. Units where you did are remembered here.
        </p>
        <button class="plain">Switch</button>
      </form>
      <h2>End the session</h2>
      <form action="/auth/logout" data-call>
        <p class="alert" role="alert"></p>
        <button class="plain">Sign out</button>
      </form>`,
  );
}

/** Asks whether the window that shows a code may be signed in as this person. */
export function confirmPage(asked: {
  id: string;
  userCode: string;
  kind: "frame" | "cli";
  name: string;
  mid: number;
}): Html {
  const { id, userCode, kind, name, mid } = asked;
  const where = kind === "cli" ? "the terminal" : "the window";
  return page(
    `Sign in ${where}?`,
    html`<p>Compare: ${where} you came from must show this code.</p>
      <p class="code" id="code">${userCode}</p>
      <p>If it shows another one, or somebody sent you here, say no: you would let a stranger in as you.</p>
      <p>It will be signed in as ${name}, business unit ${mid}.</p>
      <form action="/auth/handoffs/${id}/decision" data-call>
        <p class="alert" role="alert"></p>
        <button name="confirm" value="yes">Yes, the codes are the same</button>
        <button name="confirm" value="no" class="plain" formnovalidate>No</button>
      </form>`,
  );
}

/** Says that something is over. */
export function donePage(title: string, text: string, again = false): Html {
  const link = again ? html`<a class="button" href="/auth/login">Sign in</a>` : "";
  return page(
    title,
    html`<p>${text}</p>
      ${link}`,
  );
}

const reasons: Record<Exclude<NoBeginning, "nowhere" | "strange"> | NotSignedIn, string> = {
  unprepared: "This service has no package of Marketing Cloud to sign in with. Its operator has to set one up.",
  lost: "This browser did not begin the sign-in, or more than ten minutes ago. Begin again.",
  denied: "You or Marketing Cloud said no. Nothing was changed.",
  expired: "Marketing Cloud no longer knows this sign-in. Begin again.",
  refused: "Marketing Cloud refused the sign-in, or you signed in at another sub-domain than you named.",
  narrow: "The installed package that you signed in with lacks permissions that every run needs.",
  unreachable: "Marketing Cloud does not answer. Try again in a minute.",
  unknown: "Your enterprise has no access here yet. Ask the operator of this service for an invitation.",
  invitation: "This invitation was used, has expired, or is for another enterprise. Ask for a new one.",
  suspended: "Your enterprise’s access is switched off. Ask the operator of this service.",
  inactive: "Your access is switched off. Ask an administrator of your enterprise.",
};

/** Says why nobody was signed in. @param lacking the permissions that a package lacks */
export function errorPage(why: keyof typeof reasons, lacking?: string): Html {
  const ask = lacking && html`<p>The person who set it up in Marketing Cloud adds: ${lacking}.</p>`;
  return page(
    "Not signed in",
    html`<p class="alert" role="alert">${reasons[why]}</p>
      ${ask ?? ""}
      <p><a class="button" href="/auth/login">Begin again</a></p>
      <p><a href="/auth/login?subdomain=">Sign in at another sub-domain</a></p>`,
  );
}
