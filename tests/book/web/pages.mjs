// Every page of a book in a browser: no error, nothing to scroll sideways at 360 pixels, no layout that shifts, and no
// violation of what axe checks, at 360 and 1200 pixels, in both themes.
import { finish, launch, load, pages, spread, url } from "./browser.mjs";

const folder = process.argv[2];
const axe = load("axe-core").source;
const faults = [];

// A table's heading that is a formula has a text, but axe does not read MathML.
const run = (page, options) => page.evaluate(async options => (await window.axe.run({ exclude: [["th:has(math)"]] }, {
  resultTypes: ["violations"], elementRef: false, preload: false, ...options,
})).violations.map(v => `${v.id} (${v.impact}): ${v.nodes.length} times, at ${v.nodes[0].target.join(" ")}: ${v.nodes[0].failureSummary?.split("\n")[1]?.trim()}`), options);

const contrast = { runOnly: ["color-contrast", "link-in-text-block"] };

async function check(browser, name) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, colorScheme: "light" });
  const page = await context.newPage();
  page.on("pageerror", error => faults.push(`${name}: script error: ${error.message}`));
  page.on("requestfailed", request => faults.push(`${name}: could not load ${request.url()}`));
  page.on("request", request => {
    if (!/^(file|data|blob|about):/.test(request.url())) faults.push(`${name}: loads ${request.url()} from elsewhere`);
  });
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { if (!entry.hadRecentInput) window.shift += entry.value; }))
      .observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(url(folder, name));
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(axe);
  for (const width of [1200, 360]) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) faults.push(`${name}: ${wide} pixels to scroll sideways at ${width}`);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      // What is no colour is the same in both themes.
      const found = await run(page, colorScheme === "light" ? {} : contrast);
      faults.push(...found.map(fault => `${name}, ${width}, ${colorScheme}: ${fault}`));
    }
  }
  const fresh = await context.newPage();
  await fresh.setViewportSize({ width: 360, height: 900 });
  await fresh.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shift += entry.value; })).observe({ type: "layout-shift", buffered: true });
  });
  await fresh.goto(url(folder, name));
  await fresh.evaluate(() => document.fonts.ready);
  await fresh.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300)))));
  const shift = await fresh.evaluate(() => window.shift);
  if (shift > 0.1) faults.push(`${name}: the layout shifts while it loads, by ${shift.toFixed(2)}`);
  await context.close();
}

const browser = await launch();
const names = pages(folder);
await spread(names, 2, name => check(browser, name));
await browser.close();
if (!names.length) faults.push(`no pages in ${folder}`);
finish(faults, `${names.length} pages, two widths, two themes: nothing wrong`);
