import type { Console } from "./console.ts";

const narrow = { width: 360, height: 740 };

/**
 * Looks at a page as it is now, light and dark, wide and on a narrow screen: axe's findings and what does not fit become
 * complaints. Where SQE_SCREENSHOTS names a folder, each is kept as a picture.
 */
export async function look(own: Console, state: string): Promise<void> {
  const { page, audit, picture, complaints } = own;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await audit(`${state}, ${colorScheme}`);
    await picture(`${state}-${colorScheme}`);
  }
  const size = page.viewportSize();
  await page.setViewportSize(narrow);
  const widthNow = () => page.evaluate<number>("document.documentElement.scrollWidth");
  let wide = await widthNow();
  // What floats follows a change of size a moment later.
  for (let step = 0; step < 20 && wide > narrow.width; step += 1) {
    await page.waitForTimeout(50);
    wide = await widthNow();
  }
  if (wide > narrow.width) complaints.push(`${state}: ${wide} px wide on a screen of ${narrow.width}`);
  await picture(`${state}-narrow`);
  if (size !== null) await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: "light" });
}
