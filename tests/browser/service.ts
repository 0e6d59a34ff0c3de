import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';

/** The password of the accounts that run.sh makes. */
export const PASSWORD = 'a password of the tests';

/** A role that has an account of its name. */
export type Role = 'analyst' | 'surveyor' | 'editor' | 'reviewer' | 'admin';

/** Where a picture that a test takes is kept. */
export const picture = (name: string) => `../../target/browser/${name}.png`;

/** The path of a page in a language. */
export const inLanguage = (path: string, lang: string) =>
  `${path}${path.includes('?') ? '&' : '?'}f=html&lang=${lang}`;

/** Signs in on the page for that, and ends on the page of the account. */
export async function signIn(page: Page, name: string, password = PASSWORD) {
  await page.goto(inLanguage('/sign-in', 'en'));
  await page.locator('[name=name]').fill(name);
  await page.locator('[name=password]').fill(password);
  await page.locator('form:has([name=password]) button').click();
  await page.waitForURL(/\/account/);
}

/** axe finds nothing wrong, and the page is no wider than the window. */
export async function isAccessible(page: Page) {
  const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  // Past the page's own rules for scripts, which would refuse this one.
  await page.evaluate(readFileSync(source, 'utf8'));
  const found = await page.evaluate(async () => {
    const { violations } = await (window as any).axe.run(document);
    return violations.flatMap((rule: any) =>
      rule.nodes.map((node: any) => `${rule.id}: ${node.html.slice(0, 160)}`),
    );
  });
  expect(found, page.url()).toEqual([]);
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wider, `${page.url()} is wider than the window`).toBeLessThanOrEqual(0);
}
