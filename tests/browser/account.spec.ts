import { expect, test } from '@playwright/test';
import { inLanguage, isAccessible, PASSWORD, picture, signIn } from './service';

for (const width of [360, 1280]) {
  test(`the pages of accounts are accessible, ${width} px wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(inLanguage('/sign-in', 'sr-Cyrl'));
    await isAccessible(page);
    await page.locator('[name=name]').fill('nobody');
    await page.locator('[name=password]').fill('not the password');
    await page.getByRole('button', { name: 'Пријави се' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await isAccessible(page);
    await signIn(page, 'admin');
    await isAccessible(page);
    await page.screenshot({ path: picture(`account-${width}`), fullPage: true });
    await page.getByRole('link', { name: 'The accounts of others' }).click();
    await page.locator('summary').filter({ hasText: 'surveyor' }).click();
    await isAccessible(page);
    await page.screenshot({ path: picture(`accounts-${width}`), fullPage: true });
  });
}

test('a token is made, works in a program and is revoked', async ({ page, request }) => {
  await signIn(page, 'analyst');
  await page.locator('[name=label]').fill('QGIS');
  await page.getByRole('button', { name: 'Make a token' }).click();
  const token = (await page.locator('code').filter({ hasText: 'cadastre_' }).first().innerText())
    .match(/cadastre_[\w-]{43}/)?.[0];
  await isAccessible(page);
  const asked = () =>
    request.get('/account', { headers: { Authorization: `Bearer ${token}` } });
  expect(await (await asked()).json()).toMatchObject({ name: 'analyst', signedInBy: 'token' });
  await page.goto(inLanguage('/account', 'en'));
  await page.getByRole('button', { name: /^Revoke token/ }).click();
  await expect(page.locator('tbody')).toContainText('revoked');
  expect((await asked()).status()).toBe(401);
});

test('an administrator makes an account, and its owner changes the password', async ({ browser }) => {
  const options = { baseURL: process.env.CADASTRE_URL };
  const admin = await browser.newPage(options);
  await signIn(admin, 'admin');
  await admin.goto(inLanguage('/accounts', 'en'));
  const form = admin.locator('form[action*="/accounts?"]');
  await form.locator('[name=name]').fill('mika');
  await form.locator('[name=role]').selectOption('analyst');
  await form.locator('[name=regions]').fill('RS22');
  await form.locator('[name=password]').fill(PASSWORD);
  await form.getByRole('button').click();
  await expect(admin.getByRole('alert')).toContainText('RS22');
  await form.locator('[name=regions]').fill('RS-14');
  await form.locator('[name=password]').fill(PASSWORD);
  await form.getByRole('button').click();
  await expect(admin.locator('#mika')).toContainText('RS-14');

  const owner = await browser.newPage(options);
  await signIn(owner, 'mika');
  await owner.locator('[name=current]').fill(PASSWORD);
  await owner.locator('form[action*="/password"] [name=password]').fill('another password of mika');
  await owner.getByRole('button', { name: 'Change the password' }).click();
  await expect(owner.getByRole('status')).toContainText('The password is changed.');
  await isAccessible(owner);

  await admin.locator('#mika summary').click();
  await admin.locator('#mika').getByRole('button', { name: 'Disable the account' }).click();
  await expect(admin.locator('#mika')).toContainText('disabled');
  await owner.reload();
  await expect(owner).toHaveURL(/\/sign-in/);
});
