import { neon, neonConfig } from "@neondatabase/serverless";
import { beforeAll, describe, expect } from "vitest";
import { browserMs, chromiumTest, useBrowser } from "./support/chromium.ts";
import { expectNoComplaints, openConsole, type WindowOptions } from "./support/console.ts";
import { annEmail, openSettings, signInAsAnn } from "./support/console-person.ts";
import { openPerson } from "./support/person.ts";
import { useStack } from "./support/share-stack.ts";

const stack = useStack({ SANDBOX_DURATION_MS: "300" });
const chromium = useBrowser();
beforeAll(async () => {
  await openPerson(stack, annEmail).signIn(7000001);
  neonConfig.fetchEndpoint = () => stack.neonHttp;
  await neon(stack.neonAdmin).query("update sqe.users set role = 'administrator' where email = $1", [annEmail]);
});

/** Opens the console as Ann, who administers enterprise A. */
async function openAsAnn(options: WindowOptions = {}) {
  const own = await openConsole(chromium(), `${stack.edge}/`, options);
  await own.page.getByRole("button", { name: "Continue to Marketing Cloud" }).waitFor();
  await own.audit("signed out");
  await own.picture(`sign-in-${options.width ?? "wide"}-${options.colorScheme ?? "light"}`);
  await signInAsAnn(own.page);
  return own;
}

/** Nobody has to scroll the open list sideways. */
const listFits = `(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector("[role=dialog] [role=region]"))`;

describe("an administrator in the console", () => {
  chromiumTest(
    "adds a connection that a trial accepts, changes a role, turns assistants on, and finds all that in the log",
    async () => {
      const own = await openAsAnn();
      const { page } = own;
      await openSettings(page, "Connections");
      const fill = async (values: Record<string, string>) => {
        for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value);
      };
      await fill({
        Name: "Night work",
        "Subdomain or its address": "https://mcsandbox-enterprise-a000001.rest.marketingcloudapis.com/",
        "Client id": "sandbox-narrow-a",
        "Client secret": "sandbox-secret-a",
        "MIDs of its business units": "7000001",
      });
      await page.getByRole("button", { name: "Try it and add it" }).click();
      await page.getByText("Nothing was stored. What is missing:").waitFor();
      await own.audit("connection refused");
      await own.picture("connections-refused");
      await fill({ "Client id": "sandbox-client-a" });
      await page.getByRole("button", { name: "Try it and add it" }).click();
      await page.getByRole("cell", { name: "Night work" }).waitFor();
      expect(await page.getByLabel("Client secret", { exact: true }).inputValue()).toBe("");
      await page
        .getByRole("row", { name: /Night work/ })
        .getByRole("button", { name: "Change" })
        .click();
      const form = page.getByRole("form", { name: "Change Night work" });
      await own.audit("changing a connection");
      await own.picture("connections-change");
      await form.getByLabel("Name", { exact: true }).fill("Day work");
      await form.getByLabel("Client secret").fill("not-the-secret");
      await form.getByRole("button", { name: "Try it and change it" }).click();
      await page.getByText("Nothing was stored. What is missing:").waitFor();
      await form.getByLabel("Client secret").fill("");
      await form.getByRole("button", { name: "Try it and change it" }).click();
      const line = page.getByRole("row", { name: /Day work/ });
      await line.waitFor();
      await page.getByRole("form", { name: "Add a connection" }).waitFor();
      await line.getByRole("button", { name: "Remove" }).click();
      await line.getByRole("button", { name: "Remove with its secret" }).click();
      await line.waitFor({ state: "detached" });

      await openSettings(page, "Members");
      await page.getByLabel("Role of Ann Alvarez").selectOption("member");
      await page.getByText("Make somebody else an administrator first").waitFor();
      await expect.poll(() => page.getByLabel("Role of Ann Alvarez").inputValue()).toBe("administrator");
      await own.audit("members");

      await openSettings(page, "Assistants");
      const isOn = page.getByLabel("Assistants may ask in Enterprise A");
      await isOn.click();
      await expect.poll(() => isOn.isChecked()).toBe(true);
      await isOn.click();
      await expect.poll(() => isOn.isChecked()).toBe(false);
      await own.audit("assistants");

      await openSettings(page, "Audit log");
      await page.getByRole("cell", { name: /^connection-created/ }).waitFor();
      await page.getByRole("cell", { name: /^connection-changed/ }).waitFor();
      await page.getByRole("cell", { name: /^connection-revoked/ }).waitFor();
      await own.audit("audit log");
      expectNoComplaints(own);
    },
    browserMs,
  );

  chromiumTest.for([
    { name: "light", colorScheme: "light" as const },
    { name: "dark", colorScheme: "dark" as const },
    { name: "narrow", width: 360, height: 740 },
  ])("has room for every part of the settings, $name", { timeout: browserMs }, async ({ name, ...options }) => {
    const own = await openAsAnn(options);
    for (const area of ["This page", "API keys", "Connections", "Members", "Assistants", "Audit log"]) {
      await openSettings(own.page, area);
      await own.page.getByText("Reading …").waitFor({ state: "detached" });
      await own.audit(`${area}, ${name}`);
      await own.picture(`settings-${name}-${area.toLowerCase().replaceAll(" ", "-")}`);
      expect(await own.page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      if (area === "Audit log") expect(await own.page.evaluate(listFits)).toBe(true);
    }
    expectNoComplaints(own);
  });
});
