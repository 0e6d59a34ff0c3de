import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type APIRequestContext, expect, type Page, test } from '@playwright/test';
import { isAccessible, picture } from './service';

// Drawn without a graphics card.
test.use({
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  },
  viewport: { width: 1280, height: 800 },
});

const rows = (page: Page) => page.locator('#results tbody tr');
const caption = (page: Page) => page.locator('#table-caption');
const parameters = (page: Page) => new URLSearchParams(new URL(page.url()).hash.slice(1));

/** Opens the map, and fails the test for whatever the page complains about. */
async function open(page: Page, lang = 'en', hash = '') {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`/map?lang=${lang}${hash}`);
  await drawn(page);
  expect(complaints).toEqual([]);
}

/** Waits until the map has what it wants and the table says how many there are. */
async function drawn(page: Page) {
  // A cold start on a busy machine takes its time.
  await expect(caption(page)).toContainText(/\d/, { timeout: 20_000 });
  await expect(page.locator('.maplibregl-canvas').first()).toBeVisible();
  await page.waitForLoadState('networkidle');
}

/** How many facilities the service says that a selection has. */
async function matched(request: APIRequestContext, selection: Record<string, string>) {
  const params = { f: 'json', resultType: 'hits', ...selection };
  const answer = await request.get('/collections/facilities/items', { params });
  return (await answer.json()).numberMatched as number;
}

/** Whether a region of the screen shows anything but one colour. */
async function isPainted(page: Page) {
  return page.locator('.maplibregl-canvas').first().evaluate((canvas: HTMLCanvasElement) => {
    const gl = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
    if (!gl) return false;
    const pixels = new Uint32Array(gl.drawingBufferWidth * gl.drawingBufferHeight);
    const bytes = new Uint8Array(pixels.buffer);
    gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    return new Set(pixels).size > 50;
  });
}

function cadastre(...args: string[]) {
  execFileSync(process.env.CADASTRE_PROGRAM ?? '', args, { stdio: 'pipe' });
}

const MEGA = 'RS-71021-901';

test.beforeAll(() => {
  // Nobody has measured the abandoned dumps of the demonstration yet.
  const dumps = [
    'code,name,facility_type,status,municipality,district,volume_m3,longitude,latitude',
    `${MEGA},Велико одлагалиште,waste_rock_dump,abandoned,71021,RS-18,2500000,20.75,43.35`,
    'RS-71021-902,Мало одлагалиште,waste_rock_dump,abandoned,71021,RS-18,500000,20.77,43.36',
    'RS-71021-903,Активно одлагалиште,waste_rock_dump,operating,71021,RS-18,3500000,20.79,43.37',
  ];
  const file = join(mkdtempSync(join(tmpdir(), 'dumps-')), 'dumps.csv');
  writeFileSync(file, `${dumps.join('\n')}\n`);
  cadastre('import', file);
});

test("somebody finds Bor's ponds", async ({ page, request }) => {
  await open(page);
  await page.getByRole('combobox', { name: 'Search' }).fill('бор');
  const suggestions = page.getByRole('option');
  await expect(suggestions.filter({ hasText: /^BorMunicipalities/ })).toBeVisible();
  // As with the keyboard alone.
  for (let at = 0; at < (await suggestions.count()); at++) {
    await page.keyboard.press('ArrowDown');
    const chosen = page.locator('[role=option][aria-selected=true]');
    if (/^BorMunicipalities/.test((await chosen.textContent()) ?? '')) break;
  }
  await page.keyboard.press('Enter');
  await page.locator('#where-facility_type summary').click();
  await page.getByLabel('Tailings pond', { exact: true }).check();
  const selection = { region: '70327', filter: "facility_type='tailings_pond'" };
  const expected = await matched(request, selection);
  expect(expected).toBeGreaterThan(2);
  await expect(caption(page)).toContainText(`on the map: ${expected}`);
  await expect(rows(page)).toHaveCount(expected);
  await expect(page.locator('.legend li')).toHaveText([new RegExp(`Tailings pond${expected}`)]);
  await drawn(page);
  expect(await isPainted(page)).toBe(true);
  await page.screenshot({ path: picture('map-ponds-of-bor') });
});

test('an inspector filters abandoned dumps over a million cubic metres in a district', async ({ page }) => {
  await open(page);
  await page.getByRole('combobox', { name: 'Region', exact: true }).selectOption('RS-18');
  await page.locator('#where-status summary').click();
  await page.locator('#where-status').getByLabel('Abandoned').check();
  await page.locator('#where-facility_type summary').click();
  await page.locator('#where-facility_type').getByLabel('Waste rock dump').check();
  await page.locator('#where-volume_m3-least').fill('1000000');
  await page.keyboard.press('Tab');
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).first()).toContainText('2,500,000 m³');
  // The map has the same: one facility in its tiles.
  const tile = page.waitForResponse((answer) => answer.url().includes('/facilities/tiles/') && answer.status() === 200);
  await page.getByRole('combobox', { name: 'Theme', exact: true }).selectOption('volume');
  await page.reload();
  expect(new URL((await tile).url()).searchParams.get('filter')).toContain('volume_m3 >= 1000000');
  await drawn(page);
  await expect(rows(page)).toHaveCount(1);
  await expect(page.locator('.legend li')).toHaveText(['1 to 10 million m³1']);
  await page.screenshot({ path: picture('map-abandoned-dumps') });
  await page.getByRole('button', { name: 'Remove all conditions' }).click();
  await expect(rows(page)).not.toHaveCount(1);
});

test('a sheet says each value with its unit, source and date, and what is unknown', async ({ page }) => {
  await open(page, 'en', `#region=RS-18&where.volume_m3=1000000..`);
  await rows(page).filter({ hasText: 'Veliko odlagalište' }).getByRole('button').click();
  const sheet = page.locator('#sheet');
  await expect(sheet.getByRole('heading')).toBeFocused();
  await expect(sheet.locator('dl div').filter({ hasText: 'Volume' })).toContainText('2,500,000 m³');
  await expect(sheet.locator('dl div').filter({ hasText: 'Volume' })).toContainText(/recorded .*20\d\d, dumps.csv/);
  await expect(sheet.locator('.unknown')).toContainText('Height');
  await expect(page.locator('tr[aria-current=true]')).toHaveCount(1);
  await drawn(page);
  await page.screenshot({ path: picture('map-sheet') });
  const history = await sheet.getByRole('link', { name: 'History' }).getAttribute('href');
  expect((await page.request.get(history ?? '')).status()).toBe(200);
  const own = await sheet.getByRole('link', { name: /Page of this feature/ }).getAttribute('href');
  expect(await (await page.request.get(own ?? '')).text()).toContain(MEGA);
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
});

test('a click on the map opens the sheet of what is there', async ({ page }) => {
  await open(page, 'en', '#view=20.75,43.35,15');
  await expect.poll(() => isPainted(page)).toBe(true);
  const box = await page.locator('#map').boundingBox();
  await page.mouse.click(box!.x + box!.width / 2, box!.y + box!.height / 2);
  await expect(page.locator('#sheet').getByRole('heading')).toContainText('Veliko odlagalište');
});

test('language and script change, and the view stays', async ({ page }) => {
  await open(page, 'en', '#view=22.1,44.1,10&where.status=abandoned&theme=status');
  for (const [name, title, label] of [
    ['Ћирилица', 'Катастар рударског отпада', 'Статус: Напуштено'],
    ['Latinica', 'Katastar rudarskog otpada', 'Status: Napušteno'],
    ['English', 'Mining Waste Cadastre', 'Status: Abandoned'],
  ] as const) {
    const before = parameters(page);
    await page.getByRole('link', { name }).click();
    await drawn(page);
    await expect(page.locator('.home')).toHaveText(title);
    await expect(page.locator('.chips')).toContainText(label);
    expect([...parameters(page)]).toEqual([...before]);
    await page.screenshot({ path: picture(`map-${await page.locator('html').getAttribute('lang')}`) });
  }
});

test('a link shows somebody else the same', async ({ page, browser }) => {
  await open(page);
  await page.getByRole('combobox', { name: 'Theme', exact: true }).selectOption('status');
  await page.getByRole('combobox', { name: 'Region', exact: true }).selectOption('RS-14');
  await page.getByRole('button', { name: 'Volume' }).click();
  await rows(page).first().getByRole('button').click();
  await expect(page.locator('#sheet')).toBeVisible();
  await drawn(page);
  await page.getByRole('button', { name: 'Link' }).click();
  const other = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await open(other, 'en', new URL(page.url()).hash);
  expect([...parameters(other)]).toEqual([...parameters(page)]);
  await expect(other.locator('#sheet h2')).toHaveText((await page.locator('#sheet h2').textContent()) ?? '');
  await expect(async () => {
    expect(await rows(other).allTextContents()).toEqual(await rows(page).allTextContents());
  }).toPass({ timeout: 20_000 });
  await expect(other.getByRole('combobox', { name: 'Theme', exact: true })).toHaveValue('status');
});

test('the table follows a map that becomes smaller', async ({ page }) => {
  await open(page);
  const before = await caption(page).textContent();
  await page.setViewportSize({ width: 640, height: 500 });
  await expect(caption(page)).not.toHaveText(before ?? '');
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(caption(page)).toHaveText(before ?? '');
});

test('an analyst downloads what is shown', async ({ page }) => {
  await open(page, 'en', '#region=RS-18&where.status=abandoned');
  const shown = await rows(page).count();
  await page.getByRole('heading', { name: 'Download' }).click();
  const begun = page.waitForEvent('download');
  await page.locator('#download').getByRole('link', { name: 'Table (CSV)', exact: true }).click();
  const stream = await (await begun).createReadStream();
  const lines = (await stream.toArray()).join('').trim().split('\n');
  expect(lines.length - 1).toBe(shown);
  expect(lines.slice(1).every((line) => line.includes('RS-18'))).toBe(true);
});

test('the register is shown as it was recorded on another day', async ({ page }) => {
  await open(page, 'en', '#as-of=2001-01-01');
  await expect(caption(page)).toContainText('on the map: 0');
  await page.getByRole('button', { name: 'now' }).click();
  await expect(caption(page)).not.toContainText('on the map: 0');
});

test('lengths and areas are measured, with the keyboard too', async ({ page }) => {
  await open(page, 'en', '#view=22,44,12');
  await page.getByRole('button', { name: 'Measure' }).click();
  await page.keyboard.press('Enter');
  const map = page.locator('#map');
  const box = await map.boundingBox();
  const middle = { x: box!.width / 2, y: box!.height / 2 };
  // At zoom 12 a pixel of MapLibre is 360 / 512 / 2^12 degrees wide.
  const expected_m = (200 * 360) / 512 / 4096 / (180 / Math.PI) * 6_387_000 * Math.cos((44 * Math.PI) / 180);
  await map.click({ position: { x: middle.x + 200, y: middle.y } });
  const result = page.locator('.measure [aria-live]');
  const said = Number(/Length: ([\d.]+) km/.exec((await result.textContent()) ?? '')?.[1]) * 1000;
  expect(Math.abs(said / expected_m - 1)).toBeLessThan(0.005);
  await map.click({ position: { x: middle.x + 200, y: middle.y - 100 } });
  await expect(result).toContainText(/Area: [\d.,]+ ha/);
  await page.screenshot({ path: picture('map-measure') });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(result).toBeHidden();
});

for (const [width, scheme] of [
  [360, 'light'],
  [360, 'dark'],
  [1280, 'light'],
  [1280, 'dark'],
] as const) {
  test(`everybody can use it, ${width} px wide, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 800 });
    await open(page, 'sr-Cyrl', '#chosen=facilities/1&where.status=operating');
    await expect(page.locator('#sheet')).toBeVisible();
    await drawn(page);
    await page.screenshot({ path: picture(`map-${width}-${scheme}`) });
    await isAccessible(page);
  });
}

test('a survey lies on the map, is compared with what is below it, and rises', async ({ page }) => {
  const terrain = '../fixtures/raster-terrain.tif';
  cadastre('import', terrain, '--facility', 'RS-70327-011', '--kind', 'dtm', '--surveyed', '2024-05-31');
  await open(page, 'en', '#view=22.0959,44.0749,18');
  await page.locator('#surveys summary').click();
  await page.getByLabel('RS-70327-011-dtm-20240531').check();
  // The middle of the map, in a picture of it.
  const middle = (layer: string) =>
    page.locator(`${layer} canvas`).first().evaluate((canvas: HTMLCanvasElement) => {
      const gl = canvas.getContext('webgl2')!;
      const pixel = new Uint8Array(4);
      const [x, y] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
      gl.readPixels(x / 2, y / 2, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      return [...pixel];
    });
  const ground = [246, 245, 241, 255];
  await expect.poll(() => middle('#map')).not.toEqual(ground);
  await page.getByLabel('Compare with').fill('40');
  await expect(page.locator('.over')).toHaveCSS('clip-path', 'inset(0px 0px 0px 40%)');
  await expect.poll(() => middle('.over')).toEqual(ground);
  await drawn(page);
  await page.screenshot({ path: picture('map-survey') });
  await page.getByLabel('Compare with').fill('100');
  await expect(page.locator('.over')).toHaveCount(0);
  const heights = page.waitForResponse(/terrain-rgb\/xyz/);
  await page.getByRole('button', { name: 'Relief in three dimensions' }).click();
  expect((await heights).status()).toBe(200);
  await drawn(page);
  await page.screenshot({ path: picture('map-relief') });
  expect(parameters(page).get('survey')).toMatch(/hillshade,100,100,3d$/);
});

test('without a script the page leads on to plain ones', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/map?lang=en');
  await page.getByRole('link', { name: 'mining-waste facilities with a map in lines' }).click();
  await expect(page.locator('h1')).toContainText('Mining waste facilities');
});

test('where the browser cannot draw, the page says so, and the table works', async ({ page, request }) => {
  // As a browser without WebGL does it.
  await page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  await page.goto('/map?lang=en');
  await expect(page.getByRole('alert')).toContainText('cannot draw the map');
  await expect(caption(page)).toContainText(String(await matched(request, {})));
  await rows(page).first().getByRole('button').click();
  await expect(page.locator('#sheet')).toBeVisible();
});

test('the first view is small', async ({ page }) => {
  let bytes = 0;
  page.on('response', async (answer) => {
    const { responseBodySize } = await answer.request().sizes();
    if (answer.url().includes('/assets/')) bytes += responseBodySize;
  });
  await open(page);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(400_000);
});

test('a printed page has the map, its legend and the table', async ({ page }) => {
  await open(page, 'en', '#region=RS-14');
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.legend')).toBeVisible();
  await expect(page.locator('#map')).toBeVisible();
  await expect(rows(page).first()).toBeVisible();
  await expect(page.locator('#search')).toBeHidden();
  await page.screenshot({ path: picture('map-print'), fullPage: true });
});
