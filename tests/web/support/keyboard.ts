import type { Page } from 'playwright-core';

const stopsMax = 60;

/** The element that has the focus, also within a shadow root. */
const focused = `(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const label = element?.labels?.[0]?.textContent;
  return element?.getAttribute('aria-label') ?? label ?? element?.textContent ?? '';
})()`;

/** Presses Tab until the element of this name has the focus, as a person does who has no mouse. Throws if it cannot be reached. */
export const tabTo = async (page: Page, name: string | RegExp): Promise<void> => {
  const seen: string[] = [];
  for (let stop = 0; stop < stopsMax; stop += 1) {
    await page.keyboard.press('Tab');
    const text = String(await page.evaluate(focused)).trim();
    if (typeof name === 'string' ? text === name : name.test(text)) return;
    seen.push(text.slice(0, 40));
  }
  throw new Error(`Tab does not lead to ${String(name)}: ${seen.join(' · ')}`);
};
