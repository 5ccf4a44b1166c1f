// A file of its own, because the content security policy allows no script in the page.

/**
 * Shows a description as text with code in backticks. Swagger UI would make HTML of it and assign that, which our policy
 * refuses (`trusted-types 'none'`).
 */
const plainText =
  (_markdown, { React }) =>
  ({ source = "" }) =>
    React.createElement(
      "p",
      { className: "markdown" },
      source.split("`").map((part, at) => (at % 2 === 0 ? part : React.createElement("code", { key: at }, part))),
    );

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  plugins: [() => ({ wrapComponents: { Markdown: plainText } })],
});
