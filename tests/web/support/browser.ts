import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';

/** Chromium without a display and without what it would fetch by itself. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshotFolder = join(import.meta.dirname, '..', '..', '..', 'web', 'screenshots');

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: flags });

/** A window of the console, and what a person would want to hear of: errors and violations that it reported. */
export interface Window {
  readonly page: Page;
  /** Asserts that the page as it stands has no serious finding of axe; with SCREENSHOTS it is pictured, too: light, dark and narrow. */
  look(name: string): Promise<void>;
  /** Closes the window. Fails when its console had an error, or its policy was violated. */
  close(): Promise<void>;
}

/** The longest that a page is waited for: it ends a hang, and measures nothing. */
const actionMsMax = 60_000;

/** An answer that is an error is noted by the browser, and shown by the page: that is no fault of the page. */
const isAnswer = (text: string): boolean => text.startsWith('Failed to load resource');

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Axe would load style sheets a second time, as inline styles, for rules on orientation that are not among those that are run. */
const examine = async (page: Page, name: string): Promise<void> => {
  await page.evaluate(axe);
  const found = await page.evaluate<readonly Finding[]>('axe.run({ preload: false }).then(({ violations }) => violations)');
  const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    serious.map(
      ({ id, nodes }) => `${name}: ${id} ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' · ')}`,
    ),
  ).toEqual([]);
};

const picture = async (page: Page, name: string): Promise<void> => {
  const size = page.viewportSize();
  for (const colorScheme of ['light', 'dark'] as const) {
    // Without motion: a colour on its way to another one is no picture of either.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(screenshotFolder, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: join(screenshotFolder, `${name}-phone.png`) });
  if (size !== null) await page.setViewportSize(size);
};

/** Opens a window with a browser profile of its own. */
export const openWindow = async (browser: Browser, baseURL: string, options: BrowserContextOptions = {}): Promise<Window> => {
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
  context.setDefaultTimeout(actionMsMax);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAnswer(message.text())) faults.push(message.text());
  });
  return {
    page,
    async look(name) {
      await examine(page, name);
      if (process.env['SCREENSHOTS'] !== undefined) await picture(page, name);
    },
    async close() {
      await context.close();
      expect(faults).toEqual([]);
    },
  };
};
