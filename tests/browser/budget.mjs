// What a reader with a slow telephone waits for: opens a page of a running service in Chromium with an empty
// cache, over a slow line, and says when what stood there and what was asked for. README.md has the figures.
//
//   node tests/browser/budget.mjs http://127.0.0.1:8080 [PATH] [--rounds 5] [--cpu 4] [--waterfall] [--picture FILE]

import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { SLOW_4G, slowLine } from "./slow_line.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    cpu: { type: "string", default: "1" },
    waterfall: { type: "boolean", default: false },
    picture: { type: "string" },
    settle: { type: "string", default: "1500" },
  },
});
const [address, path = "/map?lang=en"] = positionals;
if (!address) throw new Error("Name the service, such as http://127.0.0.1:8080");

/** Runs in the page from its first moment: notes when things first stand, in ms of the page's clock. */
function watch() {
  const seen = (window.__seen = { shift: 0, blocked_ms: 0 });
  const observe = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  observe("paint", ({ name, startTime }) => (seen[name] = startTime));
  observe("largest-contentful-paint", ({ startTime, element }) => {
    seen.largest = startTime;
    seen.largest_is = element ? `${element.tagName} ${element.id || element.className?.baseVal || element.className}` : "";
  });
  observe("layout-shift", ({ value, hadRecentInput, sources }) => {
    if (hadRecentInput) return;
    seen.shift += value;
    const moved = sources.map(({ node }) => node?.id || node?.className || node?.nodeName).join(" ");
    (seen.moved ??= []).push(`${value.toFixed(3)} ${moved}`);
  });
  observe("longtask", ({ duration }) => (seen.blocked_ms += Math.max(0, duration - 50)));
  observe("mark", ({ name, startTime }) => (seen[name] ??= startTime));
  const parts = { overview: "#overview", table: "#results tbody tr", legend: ".legend li", panel: "#panel select" };
  const look = () => {
    for (const [name, selector] of Object.entries(parts)) {
      if (!(name in seen) && document.querySelector(selector)) seen[name] = performance.now();
    }
    requestAnimationFrame(look);
  };
  look();
}

async function visit(browser) {
  const line = await slowLine(Number(new URL(address).port), SLOW_4G);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: Number(options.cpu) });
  await page.addInitScript(watch);
  const requests = [];
  const began = Date.now();
  page.on("requestfinished", (request) => requests.push(told(request)));
  page.on("requestfailed", (request) => requests.push(told(request)));
  page.on("console", (message) => message.type() === "error" && console.error("  page:", message.text()));
  page.on("pageerror", (error) => console.error("  page:", error.message));
  await page.goto(`http://127.0.0.1:${line.port}${path}`, { waitUntil: "networkidle" });
  await page.waitForTimeout(Number(options.settle));
  const seen = await page.evaluate(() => window.__seen);
  if (options.picture) await page.screenshot({ path: options.picture });
  const answers = (await Promise.all(requests)).sort((one, other) => one.start - other.start);
  await context.close();
  line.close();
  return { seen, answers, began };
}

async function told(request) {
  const timing = request.timing();
  const sizes = await request.sizes().catch(() => ({ responseBodySize: 0, responseHeadersSize: 0 }));
  const response = await request.response().catch(() => null);
  const type = response?.headers()["content-type"] ?? "";
  const { pathname, search } = new URL(request.url());
  return {
    path: decodeURIComponent(pathname + search),
    kind: type.split(";")[0],
    status: response?.status() ?? 0,
    start: timing.startTime,
    first: timing.responseStart,
    end: timing.responseEnd,
    bytes: sizes.responseBodySize,
    head: sizes.responseHeadersSize,
  };
}

function median(numbers) {
  const sorted = numbers.filter((one) => one !== undefined).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

function waterfall(answers) {
  const zero = Math.min(...answers.map(({ start }) => start));
  console.log("  asked  first   done   bytes");
  for (const { path, status, start, first, end, bytes } of answers) {
    const at = Math.round(start - zero);
    const cells = [at, Math.round(at + first), Math.round(at + end), bytes];
    console.log(cells.map((cell) => String(cell).padStart(6)).join(" "), " ", status, path.slice(0, 110));
  }
}

const args = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
const visits = [];
for (let round = 0; round < Number(options.rounds); round += 1) visits.push(await visit(browser));
await browser.close();

const last = visits.at(-1).answers;
if (options.waterfall) waterfall(last);
const sum = (kind) => last.filter((one) => one.kind.includes(kind)).reduce((all, { bytes }) => all + bytes, 0);
console.log(`${path}: ${last.length} requests, ${sum("")} bytes, of script ${sum("javascript")}, of tiles ${sum("mapbox-vector-tile")}`);
const names = [...new Set(visits.flatMap(({ seen }) => Object.keys(seen)))];
for (const name of names.filter((name) => typeof visits[0].seen[name] === "number")) {
  const all = visits.map(({ seen }) => seen[name]);
  const digits = name === "shift" ? 3 : 0;
  const shown = all.map((one) => one?.toFixed(digits) ?? "-").join(" ");
  console.log(`  ${name.padEnd(26)} ${median(all).toFixed(digits).padStart(7)}   (${shown})`);
}
for (const name of ["largest_is", "moved"]) console.log(`  ${name}:`, visits.at(-1).seen[name] ?? "-");
