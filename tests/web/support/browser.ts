import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
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
  // The pages of one profile share a process: a new one costs most of a second.
  '--process-per-site',
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
  /** With SCREENSHOTS, pictures the page as it stands: light, dark and narrow. */
  picture(name: string): Promise<void>;
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

/** The rows of a long list are alike: axe takes seconds for thousands of them, and finds in the first ones what it finds in all. */
const alike =
  'tr:nth-child(n+12), tbody:nth-of-type(n+6), li:nth-child(n+12), svg g:nth-of-type(n+12), section > section:nth-of-type(n+4)';
/**
 * Runs axe while rows that are alike are hidden, by a style sheet that the policy permits. Axe would load style sheets a second time, as inline
 * styles, for rules on orientation that are not among those that are run.
 */
const examination = `(async () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(${JSON.stringify(`${alike} { display: none !important; }`)});
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  try {
    return (await axe.run({ preload: false, resultTypes: ['violations'] })).violations;
  } finally {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
  }
})()`;

const examine = async (page: Page, name: string): Promise<void> => {
  // A page keeps it until it is loaded anew.
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe);
  const found = await page.evaluate<readonly Finding[]>(examination);
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
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: join(screenshotFolder, `${name}-phone.png`) });
  if (size !== null) await page.setViewportSize(size);
};

const pictureIfWanted = async (page: Page, name: string): Promise<void> => {
  if (process.env['SCREENSHOTS'] !== undefined) await picture(page, name);
};

/** Makes a browser profile. Nothing moves in it: what fades in would be drawn sixty times a second. */
const openProfile = async (browser: Browser, baseURL: string, options: BrowserContextOptions = {}): Promise<BrowserContext> => {
  const viewport = { width: 1280, height: 800 };
  const context = await browser.newContext({ baseURL, viewport, locale: 'en-GB', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(actionMsMax);
  return context;
};

/** Opens a page in a profile. `onClose` ends what was opened for it. */
const openPage = async (context: BrowserContext, onClose: (page: Page) => Promise<void>): Promise<Window> => {
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
      await pictureIfWanted(page, name);
    },
    picture: (name) => pictureIfWanted(page, name),
    async close() {
      await onClose(page);
      expect(faults).toEqual([]);
    },
  };
};

/** Opens a window with a browser profile of its own. */
export const openWindow = async (browser: Browser, baseURL: string, options: BrowserContextOptions = {}): Promise<Window> => {
  const context = await openProfile(browser, baseURL, options);
  return openPage(context, () => context.close());
};

/** Profiles that journeys share, by the name of whose they are. */
export type Profiles = Map<string, BrowserContext>;

/** Opens a window in the profile of somebody, which `begin` has made ready once: its files are loaded, and it is signed in. */
export const openWindowOf = async (
  { profiles, browser, url }: { readonly profiles: Profiles; readonly browser: Browser; readonly url: string },
  name: string,
  begin: (profile: BrowserContext) => Promise<void>,
): Promise<Window> => {
  const known = profiles.get(name);
  const profile = known ?? (await openProfile(browser, url));
  profiles.set(name, profile);
  if (known === undefined) await begin(profile);
  return openPage(profile, (page) => page.close());
};
