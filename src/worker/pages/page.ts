import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** Text that is HTML already; what is put into it was escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/**
 * A whole page. Its forms work without a script where they only lead somewhere; those that change something are sent as JSON
 * by the one script (`site/sign-in/pages.js`).
 */
export function page(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Query console</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/sign-in/pages.css" />
        <script src="/sign-in/pages.js" defer></script>
      </head>
      <body>
        <main>
          <p class="brand">Query console</p>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}
