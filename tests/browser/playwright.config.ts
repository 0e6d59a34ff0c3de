import { defineConfig } from '@playwright/test';

/** One browser and one service: tests run one after the other. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../target/browser',
  workers: 1,
  timeout: 90_000,
  forbidOnly: true,
  reporter: 'list',
  use: {
    baseURL: process.env.CADASTRE_URL,
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' },
  },
});
