// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { saveText } from '../src/ui/save-text.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('texts that are saved together are all handed to the browser, in their order, and never more than ten in a second', () => {
  vi.useFakeTimers();
  const handed: { readonly name: string; readonly at: number }[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
    handed.push({ name: this.download, at: performance.now() });
  });
  const names = Array.from({ length: 25 }, (_each, index) => `night-${index}.json`);
  for (const name of names) saveText(name, 'text', 'text/plain');
  expect(handed.map(({ name }) => name)).toEqual(['night-0.json']);
  vi.advanceTimersByTime(10_000);
  expect(handed.map(({ name }) => name)).toEqual(names);
  for (const { at } of handed) expect(handed.filter((other) => other.at >= at && other.at < at + 1_000).length).toBeLessThan(10);
});
