// The pages are valid HTML, says the Nu validator.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { finish, pages, skip } from "./browser.mjs";

const folder = process.argv[2];
const jar = join(process.env.WEB_TOOLS ?? "", "node_modules/vnu-jar/build/dist/vnu.jar");
if (!existsSync(jar)) skip(`vnu-jar is not installed in ${process.env.WEB_TOOLS}: build the target book-web-tools (it needs npm)`);
try { execFileSync("java", ["-version"], { stdio: "ignore" }); } catch { skip("no Java on this machine (Debian: apt-get install default-jre-headless)"); }

const names = pages(folder);
const run = spawnSync("java", ["-jar", jar, "--errors-only", ...names.map(name => join(folder, name))], { encoding: "utf8", maxBuffer: 1 << 26 });
const faults = run.stderr.split("\n").filter(line => line.trim());
if (run.status !== 0 && !faults.length) faults.push(`the validator ended with ${run.status}`);
finish(faults, `${names.length} pages: valid`);
