import { describe, expect, test } from 'vitest';
import { centredOn, fit, moved, opening, viewBoxOf, zoomed } from '../src/screens/control-m-graph/view.ts';

const size = { width: 800, height: 400 };

describe('what is in sight of a drawing', () => {
  test('is all of one that can be read whole, in the middle and no larger than it was laid out', () => {
    expect(opening({ width: 400, height: 100 }, size)).toEqual({ x: 200, y: 50, scale: 1 });
    expect(viewBoxOf(fit({ width: 400, height: 100 }, size), size)).toBe('-200 -150 800 400');
  });

  test('is the beginning of one that could not be read whole', () => {
    const { x, y, scale } = opening({ width: 100_000, height: 300 }, size);
    expect({ left: x - size.width / scale / 2, y, scale }).toEqual({ left: 0, y: 150, scale: 0.8 });
  });

  test('keeps the point under the pointer while it is zoomed, within its bounds', () => {
    const view = { x: 100, y: 100, scale: 1 };
    const nearer = zoomed(view, 2, 50, 20);
    expect(nearer).toEqual({ x: 125, y: 110, scale: 2 });
    expect([nearer.x + 50 / nearer.scale, nearer.y + 20 / nearer.scale]).toEqual([150, 120]);
    expect(zoomed(view, 1_000).scale).toBe(4);
    expect(zoomed(view, 0.000_1).scale).toBe(0.02);
  });

  test('moves by pixels of the screen, and to a node so that it can be read', () => {
    expect(moved({ x: 0, y: 0, scale: 2 }, 10, -10)).toEqual({ x: 5, y: -5, scale: 2 });
    expect(centredOn({ x: 10, y: 20 }, 0.1)).toEqual({ x: 100, y: 38, scale: 0.9 });
  });
});
