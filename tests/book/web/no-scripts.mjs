// With scripts off a page says what it says with them: they add comfort, never content.
import { finish, launch, pages, spread, url } from "./browser.mjs";

const folder = process.argv[2];
const faults = [];
const browser = await launch();
const [on, off] = await Promise.all([true, false].map(javaScriptEnabled => browser.newContext({ javaScriptEnabled })));

// Playwright reads a page without running its scripts; its own code runs apart from them.
const words = async (context, name) => {
  const page = await context.newPage();
  await page.goto(url(folder, name));
  const text = await page.evaluate(() => {
    const main = document.querySelector("main").cloneNode(true);
    main.querySelectorAll(".views, .copy").forEach(element => element.remove());
    return main.textContent.replace(/\s+/g, " ");
  });
  const hidden = await page.locator("main details:not([open]) > summary").count();
  const opened = hidden ? await page.locator("main details > summary").first().click().then(() => page.locator("main details[open]").count()) : 1;
  await page.close();
  return { text, opened };
};

const names = pages(folder);
await spread(names, 2, async name => {
  const [withScripts, without] = [await words(on, name), await words(off, name)];
  if (withScripts.text !== without.text) faults.push(`${name}: scripts change the text`);
  if (without.text.length < 200) faults.push(`${name}: next to no text without scripts`);
  if (!without.opened) faults.push(`${name}: what is closed does not open without scripts`);
});
await browser.close();
finish(faults, `${names.length} pages read with scripts off`);
