import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { browserMs, chromiumTest, useBrowser } from "./support/chromium.ts";
import { expectNoComplaints, framedIn, openConsole, type Framed, type WindowOptions } from "./support/console.ts";
import { allowAsAnn, annEmail } from "./support/console-person.ts";
import { openFraming, type Framing } from "./support/framing.ts";
import { openSandboxDoor } from "./support/sandbox.ts";
import { startStack, type TestStack } from "./support/stack.ts";

let listed: Framing;
let stranger: Framing;
let stack: TestStack;
const chromium = useBrowser();
beforeAll(async () => {
  [listed, stranger] = await Promise.all([openFraming(), openFraming()]);
  const env = { SANDBOX_DURATION_MS: "300", MCE_CALLS_PER_MINUTE: "6000", SQE_FRAME_ANCESTORS: listed.origin };
  stack = await startStack(env);
});
afterAll(async () => {
  listed.close();
  stranger.close();
  await stack.stop();
});

/** Opens a page of another site that frames a page of ours. */
function openAround({ origin }: Framing, path: string, options: WindowOptions = {}) {
  return openConsole(chromium(), `${origin}/?frame=${encodeURIComponent(stack.edge + path)}`, options);
}

/** Signs the frame in by a tab of its own, which is signed in already or not. */
async function signIn({ frame, picture }: Framed, isKnown: boolean): Promise<void> {
  await frame.getByRole("button", { name: "Get a code" }).click();
  const code = await frame.locator("strong").innerText();
  expect(code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
  await picture("frame-code");
  const beside = frame.page().context().waitForEvent("page");
  await frame.getByRole("link", { name: "Open the sign-in tab" }).click();
  const tab = await beside;
  if (!isKnown) await allowAsAnn(tab);
  expect(await tab.locator("#code").innerText()).toBe(code);
  await tab.getByRole("button", { name: "Yes, the codes are the same" }).click();
  await tab.getByRole("heading", { name: "Signed in" }).waitFor();
  await tab.close();
  await frame.page().bringToFront();
  await frame.locator(".cm-content").waitFor();
}

/** What the page around gets when somebody pastes there. */
async function pasted(page: Page): Promise<string> {
  const field = page.getByLabel("Paste here");
  await field.fill("");
  await field.press("Control+v");
  return field.inputValue();
}

const unit = (mid: number) => new RegExp(`${mid}: work in another one`);

describe("the console in a frame of another site", () => {
  chromiumTest(
    "signs in by a tab beside, runs, copies and switches without storage; a session that ends leaves the text",
    async () => {
      const around = await openAround(listed, "/frame");
      const { page } = around;
      const own = framedIn(around);
      const { frame } = own;
      await frame.getByRole("button", { name: "Get a code" }).waitFor();
      // What the browser forbids by default is what this test is about.
      expect(await frame.evaluate("(() => { try { return typeof localStorage } catch (e) { return e.name } })()")).toBe(
        "SecurityError",
      );
      await own.audit("frame, signed out");
      await own.picture("frame-sign-in");
      await signIn(own, false);
      await frame.getByRole("treeitem", { name: "Customers" }).waitFor();

      await own.write("SELECT TOP 2 CustomerKey FROM Customers ORDER BY CustomerKey");
      await own.runToRows();
      await own.audit("frame, rows");
      await own.picture("frame-rows");
      await frame.getByRole("gridcell", { name: "CK-000004" }).click();
      await page.keyboard.press("Control+c");
      expect(await pasted(page)).toBe("CK-000004");

      await page.context().clearCookies({ name: "__Host-sqe" });
      await frame.getByRole("button", { name: "Recent runs" }).click();
      await frame.getByRole("heading", { name: "Please sign in again" }).waitFor();
      await own.picture("frame-lost");
      await signIn(own, false);
      await frame.getByRole("heading", { name: "Please sign in again" }).waitFor({ state: "detached" });
      expect(await frame.locator(".cm-content").innerText()).toContain("CustomerKey");
      // What was open lies over the page again.
      await frame.getByRole("dialog", { name: "Recent runs" }).waitFor();
      await page.keyboard.press("Escape");

      await frame.getByRole("button", { name: unit(7000001) }).click();
      await frame.getByRole("menuitem", { name: "Another one, by its MID" }).click();
      await frame.getByText("This browser keeps no drafts").waitFor();
      await frame.getByLabel("MID of the business unit").fill("7000012");
      await frame.getByRole("button", { name: "Go there" }).click();
      await frame.getByRole("button", { name: unit(7000012) }).waitFor();
      expect(new URL(frame.url()).pathname).toBe("/frame");

      await page.reload();
      const again = framedIn(around);
      await again.frame.getByRole("button", { name: unit(7000012) }).waitFor();
      await again.frame.getByRole("button", { name: "Account of Ann Alvarez" }).click();
      await again.frame.getByRole("menuitem", { name: "Sign out" }).click();
      await again.frame.getByRole("button", { name: "Get a code" }).waitFor();
      expectNoComplaints(around);
    },
    browserMs,
  );

  chromiumTest(
    "is signed in at once where Marketing Cloud answers so for somebody who is signed in there",
    async () => {
      await openSandboxDoor(stack.sandbox).behave({ signedInUser: annEmail });
      const around = await openAround(listed, "/auth/login?return=/frame");
      const { frame } = framedIn(around);
      await frame.getByRole("treeitem", { name: "Customers" }).waitFor();
      expectNoComplaints(around);
    },
    browserMs,
  );

  chromiumTest(
    "is there for the sites on the list alone, and the page in a tab for none",
    async () => {
      for (const [framing, path] of [
        [stranger, "/frame"],
        [listed, "/"],
        [listed, "/settings"],
      ] as const) {
        const { page } = await openAround(framing, path);
        await expect.poll(() => page.frames()[1]?.url()).toMatch(/^chrome-error:/);
      }
    },
    browserMs,
  );
});
