// The derivations to touch, and the rest of the comfort: by pointer, keyboard and finger, from the disk.
// BREAK="from ==> to" changes the script first: the tests must notice. ONLY="a name" runs one of them.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finish, launch, url } from "./browser.mjs";

// In a folder of its own: the book works when it is copied elsewhere.
const folder = mkdtempSync(join(tmpdir(), "book-"));
cpSync(process.argv[2], folder, { recursive: true });
if (process.env.BREAK) {
  const [from, to] = process.env.BREAK.split(" ==> ");
  const script = readFileSync(join(folder, "book.js"), "utf8");
  if (!script.includes(from)) { console.log(`nothing to break: ${from}`); process.exit(1); }
  writeFileSync(join(folder, "book.js"), script.replaceAll(from, to ?? ""));
}

const faults = [];
const browser = await launch();
const chapter = url(folder, "06-attention-by-hand.html");
const step = name => `#${CSS_escape(name)}`;
function CSS_escape(name) { return name.replace(/[^\w-]/g, "\\$&"); }
const cell = (name, i, j) => `${step(name)} .mx tr:nth-child(${i + 1}) td:nth-child(${j + 1})`;

async function on(name, test, options = {}) {
  if (process.env.ONLY && process.env.ONLY !== name) return;
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]).catch(() => {});
  const page = await context.newPage();
  // A busy machine may be slow; only where the script is broken does the wait end for sure, and then soon.
  page.setDefaultTimeout(process.env.BREAK ? 5000 : 60000);
  page.on("pageerror", error => faults.push(`${name}: ${error.message}`));
  try {
    await page.goto(chapter);
    await page.waitForSelector("html[data-ready]");
    await test(page, (holds, what) => { if (!holds) faults.push(`${name}: ${what}`); });
  } catch (error) {
    faults.push(`${name}: ${error.message.split("\n")[0]}`);
  }
  await context.close();
}

const bubble = page => page.locator(".bubble").innerText();
const lit = (page, name, group) => page.$$eval(`${step(name)} .mx td.${group}`,
  cells => cells.map(cell => `${cell.parentElement.rowIndex},${cell.cellIndex}`).join(" "));

// A step among the others, which are closed at first.
const openAll = page => page.$$eval("main details", all => all.forEach(one => { one.open = true; }));

await on("hover, a product", async (page, expect) => {
  await page.hover(cell("strong-S", 1, 2));
  expect(/S\[1,2\] = 1 · 1 \+ 1 · 1 \+ 0 · 0 \+ 1 · 1 = 3/.test(await bubble(page)), `the bubble says ${await bubble(page)}`);
  expect(await lit(page, "strong-Q", "first") === "1,0 1,1 1,2 1,3", "row 1 of Q is not lit");
  expect(await lit(page, "strong-K", "second") === "2,0 2,1 2,2 2,3", "row 2 of K, column 2 of its transpose, is not lit");
  expect(await lit(page, "strong-S", "here") === "1,2", "the entry itself is not lit");
  await page.mouse.move(5, 5);
  await page.hover("h1");
  expect(!(await page.isVisible(".bubble")) && !(await lit(page, "strong-Q", "first")), "what was lit stays lit");
});

await on("hover, a softmax row", async (page, expect) => {
  await page.hover(cell("strong-A", 1, 0));
  expect(await lit(page, "strong-E", "first") === "1,0" && await lit(page, "strong-l", "second") === "1,0", "the exponential and its row's sum are not lit");
  await page.hover(cell("strong-l", 2, 0));
  expect(await lit(page, "strong-E", "first") === "2,0 2,1 2,2", "the row that is summed is not lit");
  expect(/decimal [\d.]{20,}/.test(await bubble(page)) && /double [\d.]{15,}/.test(await bubble(page)), "no decimal and double");
});

await on("hover, a gradient", async (page, expect) => {
  await page.goto(url(folder, "10-backward.html"));
  await openAll(page);
  const gradient = page.locator("[data-step='strong.dW_Q'] .mx td").first();
  await gradient.hover();
  const [operand] = await page.$$eval("[data-step='strong.dW_Q']", all => all.map(one => one.dataset.of));
  expect(/^X' /.test(operand), `dW_Q is made of ${operand}`);
  expect(await page.locator(".bubble .first").count() + await page.locator("[data-step='strong.X'] td.first").count() > 0, "the column of X is not lit");
});

await on("keyboard", async (page, expect) => {
  await page.locator(cell("strong-S", 0, 0)).focus();
  expect(/S\[0,0\]/.test(await bubble(page)), "no arithmetic on focus");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  expect(/S\[1,1\] = /.test(await bubble(page)), "the arrows do not move inside the matrix");
  expect(page.url() === chapter, "an arrow in a matrix turns the page");
  expect(await page.$eval(":focus", cell => cell.getAttribute("aria-describedby")) === "bubble", "the entry is not described by the bubble");
  expect(await page.locator(`${step("strong-S")} td[tabindex='0']`).count() === 1, "a matrix has more than one stop");
  await page.keyboard.press("Escape");
  expect(!(await page.isVisible(".bubble")), "Escape does not close");
});

await on("touch", async (page, expect) => {
  await page.tap(cell("strong-S", 2, 0));
  expect(/S\[2,0\]/.test(await bubble(page)), "a touch shows nothing");
  await page.tap("h1");
  expect(!(await page.isVisible(".bubble")), "a touch elsewhere does not close");
  await page.tap("a.ck >> nth=0");
  expect(page.url() === chapter && /Checked: lab\.Z\[0,1\] = 0\.70710678118654752440/.test(await bubble(page)), "a touched number does not say what it claims");
}, { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });

await on("checked numbers", async (page, expect) => {
  await page.locator("a.ck").first().focus();
  expect(/lab\.Z\[0,1\] = 0\.70710678118654752440/.test(await bubble(page)), "no claim on focus");
  await page.locator("a.ck").first().click();
  expect(/derivation-06-attention-by-hand\.html#lab-z$/.test(page.url()), "the number does not lead to its derivation");
});

await on("exact, decimal, double", async (page, expect) => {
  await openAll(page);
  const first = page.locator(cell("lab-A", 0, 1));
  const exact = await first.innerHTML();
  await page.click(`${step("lab-A")} .views button >> text=decimal`);
  expect(await first.innerText() === "0.669762", `decimal shows ${await first.innerText()}`);
  expect((await page.$$eval(`${step("lab-A")} .eq > math mo`, all => all.at(-1).textContent)) === "≈", "a rounded matrix is not equal");
  await page.click(`${step("lab-A")} .views button >> text=double`);
  expect(await first.innerText() === "0.6697615493266569", `double shows ${await first.innerText()}`);
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  expect(await page.locator(cell("lab-A", 0, 1)).innerText() === "0.6697615493266569", "the choice is not remembered");
  await openAll(page);
  await page.click(`${step("lab-A")} .views button >> text=exact`);
  expect(await page.locator(cell("lab-A", 0, 1)).innerHTML() === exact, "exact does not come back");
});

await on("rounded", async (page, expect) => {
  await page.goto(url(folder, "07-saturation.html"));
  await page.waitForSelector("html[data-ready]");
  // Closed forms that are too long for the page are not called exact.
  const names = (id) => page.$$eval(`#${id} .views button`, buttons => buttons.map(button => button.textContent).join(" "));
  const kinds = await page.$$eval("[data-step]:has(.views)", steps => steps.map(step => [step.id, [...step.querySelectorAll(".eq > math mo")].at(-1)?.textContent]));
  const about = kinds.find(([id, sign]) => id && sign === "≈"), equal = kinds.find(([id, sign]) => id && sign === "=");
  expect(about && await names(about[0]) === "decimal double", `a rounded matrix offers ${about && await names(about[0])}`);
  // What the script rounds reads as what the page rounded.
  const small = await page.$$eval("[data-step]", steps => steps.find(step => / · 10<sup>−/.test(step.querySelector(".mx")?.innerHTML))?.id);
  const entries = page => page.$$eval(`#${small} .mx td`, cells => cells.map(cell => cell.innerHTML).join(" "));
  const plain = await browser.newContext({ javaScriptEnabled: false }).then(context => context.newPage());
  await plain.goto(page.url());
  const [written, shown] = [await entries(plain), await entries(page)];
  expect(small && shown === written, `the page has ${written}, the script ${shown}`);
  expect(equal && await names(equal[0]) === "exact decimal double", `an exact matrix offers ${equal && await names(equal[0])}`);
});

await on("keys", async (page, expect) => {
  await page.keyboard.press("?");
  expect(await page.isVisible("dialog >> text=search"), "? shows no keys");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(/\/07-/);
  await page.waitForSelector("html[data-ready]");
  await page.keyboard.press("ArrowLeft");
  await page.waitForURL(/\/06-/);
});

await on("search", async (page, expect) => {
  await page.keyboard.press("/");
  await page.fill("dialog input", "saturated row");
  await page.waitForSelector("dialog li a");
  expect((await page.locator("dialog li a").first().innerText()).toLowerCase().includes("satur"), "the first hit is not about it");
  await page.keyboard.press("ArrowDown");
  expect(await page.evaluate(() => document.activeElement === document.querySelector("dialog li a")), "the arrow does not lead to the first hit");
  await page.keyboard.press("ArrowUp");
  expect(await page.evaluate(() => document.activeElement.matches("dialog input")), "the arrow does not lead back");
  await page.fill("dialog input", "√d_k");
  await page.waitForSelector("dialog li a");
  expect((await page.locator("dialog li").allInnerTexts()).some(text => text.includes("√d_k")), "a formula is not found as one types it");
  await page.fill("dialog input", "xyzzy plugh");
  await page.waitForSelector("dialog >> text=Nothing found");
  await page.fill("dialog input", "four tokens");
  await page.waitForSelector("dialog li a");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\.html/);
});

await on("theme", async (page, expect) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.click("[aria-label='Theme: automatic']");
  await page.click("[aria-label='Theme: light']");
  const dark = await paper();
  expect(light !== dark, "the theme does not change");
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  expect(await paper() === dark, "the theme is not remembered");
});

await on("copy", async (page, expect) => {
  await page.locator(".copy").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".copy >> text=Copied");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied === await page.locator(".listing pre").first().textContent(), "what is copied is not the listing");
});

await browser.close();
rmSync(folder, { recursive: true });
finish(faults, "hover, keyboard, touch, views, keys, search, theme, copy: all as they should be");
