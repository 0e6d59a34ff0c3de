import { expect, test } from '@playwright/test';
import { inLanguage, isAccessible } from './service';

for (const width of [360, 1280]) {
  test(`the start page leads to the layers, ${width} px wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(inLanguage('/', 'en'));
    await isAccessible(page);
    await page.locator('a[href*="/collections/facilities"]').first().click();
    await expect(page.locator('h1')).toContainText('Mining waste facilities');
    await isAccessible(page);
  });
}
