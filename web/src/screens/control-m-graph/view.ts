/** The size that the API's layout gives every node, in pixels. */
export const nodeSize = { width: 180, height: 36 } as const;

/** The part of a drawing that is in sight: its centre, and pixels of the screen for one of the drawing. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The left upper corner of a node. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

const scaleMin = 0.02;
const scaleMax = 4;
const margin = 20;

const bounded = (scale: number): number => Math.min(scaleMax, Math.max(scaleMin, scale));

/** All of a graph, and no larger than it was laid out. */
export const fit = ({ width, height }: Size, size: Size): View => ({
  x: width / 2,
  y: height / 2,
  scale: bounded(Math.min(1, (size.width - margin) / Math.max(width, 1), (size.height - margin) / Math.max(height, 1))),
});

/** The smallest scale at which a drawing says something. */
const legible = 0.35;

/** All of a graph where that can be read, and else where it begins. */
export const opening = (graph: Size, size: Size): View => {
  const whole = fit(graph, size);
  if (whole.scale >= legible) return whole;
  const scale = Math.max(legible, Math.min(0.8, (size.height - margin) / Math.max(graph.height, 1)));
  return { x: size.width / scale / 2, y: graph.height / 2, scale };
};

/** A node in the middle, so large that it can be read. */
export const centredOn = ({ x, y }: Point, scale: number): View => ({
  x: x + nodeSize.width / 2,
  y: y + nodeSize.height / 2,
  scale: Math.max(scale, 0.9),
});

/** A view moved by pixels of the screen. */
export const moved = ({ x, y, scale }: View, right: number, down: number): View => ({
  x: x + right / scale,
  y: y + down / scale,
  scale,
});

/** A view larger by a factor, with the point that stays where it is, in pixels from the middle. */
export const zoomed = (view: View, factor: number, right = 0, down = 0): View => {
  const scale = bounded(view.scale * factor);
  const change = 1 / view.scale - 1 / scale;
  return { x: view.x + right * change, y: view.y + down * change, scale };
};

export const viewBoxOf = ({ x, y, scale }: View, { width, height }: Size): string =>
  `${x - width / scale / 2} ${y - height / scale / 2} ${width / scale} ${height / scale}`;
