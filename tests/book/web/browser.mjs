// A browser for the tests, and what they have in common. Exit status 77 says: skipped, and why.
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export function skip(why) {
  console.log(`SKIPPED: ${why}`);
  process.exit(77);
}

const modules = process.env.WEB_TOOLS ?? "";
const chromium = process.env.CHROMIUM ?? "";

/// A module from the folder that the target `book-web-tools` fills.
export function load(name) {
  try {
    return createRequire(join(modules, "package.json"))(name);
  } catch {
    skip(`${name} is not installed in ${modules}: build the target book-web-tools (it needs npm)`);
  }
}

export async function launch() {
  const { chromium: type } = load("playwright-core");
  if (!existsSync(chromium)) skip("no Chromium on this machine (Debian: apt-get install chromium)");
  return type.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

export const url = (folder, page) => pathToFileURL(join(folder, page)).href;

export const pages = folder => readdirSync(folder).filter(name => name.endsWith(".html") && name !== "print.html").sort();

/// Runs `task` over `items`, a few at a time.
export async function spread(items, count, task) {
  const left = [...items];
  await Promise.all(Array.from({ length: count }, async () => {
    while (left.length) await task(left.shift());
  }));
}

/// Ends the run. With EXPECT the folder is broken on purpose: the fault must be found, and called by its name.
export function finish(faults, done) {
  const expected = process.env.EXPECT;
  if (expected) {
    if (faults.some(fault => fault.includes(expected))) {
      console.log(`found, as it should be: ${faults.find(fault => fault.includes(expected))}`);
      process.exit(0);
    }
    console.log(`expected a fault with "${expected}", found ${faults.length ? `these:\n${faults.join("\n")}` : "none"}`);
    process.exit(1);
  }
  console.log(faults.length ? faults.sort().join("\n") : done);
  process.exit(faults.length ? 1 : 0);
}
