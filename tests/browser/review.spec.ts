import { expect, test, type Browser, type Page } from '@playwright/test';
import { inLanguage, isAccessible, picture, signIn } from './service';

/** A new facility in the district of Bor. */
const FILE = {
  name: 'teren.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(
    'code,name,facility_type,status,municipality,lon,lat\n' +
      'RS-70327-777,Пробно јаловиште,tailings_pond,operating,70327,22.09,44.07\n',
  ),
};
const WIDTHS = [360, 1280];

/** A page of its own session, as wide as a phone or a desk. */
async function pageOf(browser: Browser, name: string, width: number): Promise<Page> {
  const context = await browser.newContext({
    baseURL: process.env.CADASTRE_URL,
    viewport: { width, height: 800 },
  });
  const page = await context.newPage();
  await signIn(page, name);
  return page;
}

/** Nothing is wrong on a page as wide as a phone, and as wide as a desk. */
async function isAccessibleAtAllWidths(page: Page) {
  const before = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await isAccessible(page);
  }
  if (before) await page.setViewportSize(before);
}

test('a survey is sent, reviewed, published and has a history', async ({ browser }) => {
  const sender = await pageOf(browser, 'surveyor', 360);
  await sender.goto(inLanguage('/uploads', 'en'));
  await isAccessibleAtAllWidths(sender);
  await sender.locator('[name=file]').setInputFiles(FILE);
  await sender.locator('[name=layer]').selectOption('facilities');
  await sender.locator('#send [name=comment]').fill('a day in the field');
  await sender.getByRole('button', { name: 'Send' }).click();
  await sender.waitForURL(/\/uploads\/\d+/);
  const upload = new URL(sender.url()).pathname;
  await expect(sender.locator('#state')).toHaveText('waits for a decision', { timeout: 30_000 });
  await isAccessibleAtAllWidths(sender);
  await sender.screenshot({ path: picture('upload-360'), fullPage: true });
  await expect(sender.getByRole('button', { name: 'Publish' })).toHaveCount(0);

  const reviewer = await pageOf(browser, 'reviewer', 1280);
  await reviewer.goto(inLanguage('/uploads', 'en'));
  await reviewer.locator(`a[href*="${upload}?"]`).click();
  await isAccessibleAtAllWidths(reviewer);
  await reviewer.getByRole('link', { name: 'page with a map' }).click();
  await expect(reviewer.locator('body')).toContainText('RS-70327-777');
  await isAccessibleAtAllWidths(reviewer);
  await reviewer.screenshot({ path: picture('report-1280'), fullPage: true });
  await reviewer.goto(inLanguage(upload, 'en'));
  await reviewer.locator('[name=comment]').fill('as measured');
  await reviewer.getByRole('button', { name: 'Publish' }).click();
  await expect(reviewer.locator('#state')).toHaveText('published', { timeout: 30_000 });
  const revision = reviewer.locator('a[href*="/revisions/"]');
  await revision.click();
  await expect(reviewer.locator('main')).toContainText('RS-70327-777');
  await isAccessibleAtAllWidths(reviewer);

  // What is published is everybody's.
  const visitor = await browser.newPage({ baseURL: process.env.CADASTRE_URL });
  await visitor.goto(inLanguage('/collections/facilities/items?code=RS-70327-777', 'sr-Cyrl'));
  await visitor.getByRole('link', { name: /Пробно јаловиште|RS-70327-777/ }).first().click();
  await expect(visitor.locator('h1')).toContainText('Пробно јаловиште');
  await visitor.locator('a[href*="/history"]').first().click();
  await expect(visitor.locator('h1')).toContainText('Историја: Пробно јаловиште');
  await isAccessibleAtAllWidths(visitor);
  await visitor.screenshot({ path: picture('history-1280'), fullPage: true });
});

test('a page without script sends a file too', async ({ browser }) => {
  const context = await browser.newContext({
    baseURL: process.env.CADASTRE_URL,
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  await signIn(page, 'surveyor');
  await page.goto(inLanguage('/uploads', 'sr-Latn'));
  await page.locator('[name=file]').setInputFiles({ ...FILE, name: 'bez-skripte.csv' });
  await page.locator('#send button').click();
  await expect(page.locator('h1')).toContainText('bez-skripte.csv');
});
