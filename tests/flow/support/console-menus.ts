import type { Page } from "playwright-core";

/** Opens a sheet from the menu "More" beside Run. */
export async function openFromMore(page: Page, entry: RegExp): Promise<void> {
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

/** The text of the editor, with its line ends. */
export async function textIn(page: Page): Promise<string> {
  const lines = await page.locator(".cm-line").allInnerTexts();
  return lines.map((line) => line.replace(/\n$/, "")).join("\n");
}

/** Waits for an entry of the list of completions, and takes it. */
export async function complete(page: Page, label: string | RegExp): Promise<void> {
  const option = page.locator(".cm-tooltip-autocomplete li", { hasText: label }).first();
  await option.waitFor();
  // The list takes no key that comes too soon after it has opened.
  await page.waitForTimeout(80);
  for (let step = 0; step < 40 && (await option.getAttribute("aria-selected")) !== "true"; step += 1)
    await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
}
