import { expect, test } from '@playwright/test';
import { inLanguage, isAccessible, picture } from './service';

const LANGUAGES = ['sr-Cyrl', 'sr-Latn', 'en'];
const PAGES = ['/', '/facilities/RS-70661-001', '/qgis'];

for (const width of [360, 1280]) {
  for (const path of PAGES) {
    test(`${path} is accessible in each language, ${width} px wide`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      for (const lang of LANGUAGES) {
        await page.goto(inLanguage(path, lang));
        await expect(page.locator('html')).toHaveAttribute('lang', lang);
        await isAccessible(page);
        const name = path.replaceAll('/', '_');
        await page.screenshot({ path: picture(`entrance${name}-${lang}-${width}`), fullPage: true });
      }
    });
  }
}

test('a facility is found from the start page, in the other script, without any script', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(inLanguage('/', 'en'));
  await page.locator('input[name=q]').fill('столице');
  await page.locator('form.find button').click();
  await page.locator('table.features tbody th a').first().click();
  await page.locator('p.address a').click();
  await expect(page).toHaveURL(/\/facilities\/RS-70661-001/);
  await expect(page.locator('.sheets article')).toHaveCount(3);
  // The same page in the other language stays the page of the facility.
  await page.getByRole('link', { name: 'Ћирилица' }).click();
  await expect(page).toHaveURL(/\/facilities\/RS-70661-001/);
  await expect(page.locator('h1')).toContainText('Столице');
  await context.close();
});

test('linked data of the page are JSON with the address that stays', async ({ page }) => {
  await page.goto(inLanguage('/facilities/RS-70661-001', 'en'));
  const text = await page.locator('script[type="application/ld+json"]').textContent();
  const canonical = await page.locator('link[rel=canonical]').getAttribute('href');
  expect(JSON.parse(text!)['@id']).toBe(canonical);
});

test('a facility prints on A4 without what is for the screen', async ({ page }) => {
  await page.goto(inLanguage('/facilities/RS-70661-001', 'sr-Cyrl'));
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('nav')).toBeHidden();
  await expect(page.locator('svg[role=img]').first()).toBeVisible();
  await page.pdf({ format: 'A4', path: picture('facility').replace('.png', '.pdf') });
});

test('the pictures of the guide are shown', async ({ page }) => {
  await page.goto(inLanguage('/qgis', 'en'));
  for (const image of await page.locator('img').all()) {
    await image.scrollIntoViewIfNeeded();
    await expect(image).toHaveJSProperty('complete', true);
    expect(await image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(100);
    // The place that is kept for it has its shape.
    const [kept, shown] = await image.evaluate((one: HTMLImageElement) => [
      Number(one.getAttribute('width')) / Number(one.getAttribute('height')),
      one.naturalWidth / one.naturalHeight,
    ]);
    expect(Math.abs(kept - shown)).toBeLessThan(0.02);
  }
});
