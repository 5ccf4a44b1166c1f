import type { Page } from "playwright-core";

/** What the sandbox's Ann pastes into the sign-in page. */
const address = "https://mcsandbox-enterprise-a000001.rest.marketingcloudapis.com/";
/** Ann, as the sandbox knows her. */
export const annEmail = "ann@enterprise-a.example.com";

/** Signs in as Ann from the console's own page, and waits for her tables. */
export async function signInAsAnn(page: Page): Promise<void> {
  await page.getByLabel("Your Marketing Cloud subdomain or its address").fill(address);
  await page.getByRole("button", { name: "Continue to Marketing Cloud" }).click();
  await allowAsAnn(page);
  await page.locator(".cm-content").waitFor();
}

/** Signs in as Ann in the window that a page whose session has ended opens, and waits until the page is back. */
export async function signInBesideAsAnn(page: Page): Promise<void> {
  const beside = page.context().waitForEvent("page");
  await page.getByRole("button", { name: "Continue to Marketing Cloud" }).click();
  const other = await beside;
  await allowAsAnn(other);
  await other.getByText("Close this window").waitFor();
  await other.close();
  await page.getByRole("heading", { name: "Please sign in again" }).waitFor({ state: "detached" });
}

/** Allows on the sandbox's consent page. */
export async function allowAsAnn(page: Page): Promise<void> {
  await page.getByLabel("Person").selectOption(annEmail);
  await page.getByLabel("Business unit").selectOption("7000001");
  await page.getByRole("button", { name: "Allow" }).click();
}

/** Opens a part of the settings. */
export async function openSettings(page: Page, area: string): Promise<void> {
  if ((await page.getByRole("dialog", { name: "Settings" }).count()) === 0) {
    await page.getByRole("button", { name: "Account of Ann Alvarez" }).click();
    await page.getByRole("menuitem", { name: "Settings" }).click();
  }
  await page.getByRole("tab", { name: area }).click();
}
