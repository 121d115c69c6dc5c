import type { Graph, GraphEdge } from './dependencies.ts';
import { nodeHeight, nodeWidth, type Layout, type PlacedNode } from './layout.ts';

const nameCharactersMax = 24;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text of XML 1.0: the characters that it forbids are left out. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');

const shortened = (name: string): string => {
  const characters = Array.from(name);
  return characters.length > nameCharactersMax ? `${characters.slice(0, nameCharactersMax - 1).join('')}…` : name;
};

const drawNode = ({ path, name, type, kind, x, y }: PlacedNode): string =>
  `<g class="${kind}"><title>${escaped(`${path} (${type})`)}</title>` +
  `<rect x="${x}" y="${y}" width="${nodeWidth}" height="${nodeHeight}" rx="${kind === 'job' ? 6 : 0}"/>` +
  `<text x="${x + nodeWidth / 2}" y="${y + nodeHeight / 2 + 4}">${escaped(shortened(name))}</text></g>`;

/** The curve of an edge that the layout has none for. */
const curveBetween = (from: PlacedNode, to: PlacedNode): readonly number[] => {
  const [x1, y1, x2, y2] = [from.x + nodeWidth, from.y + nodeHeight / 2, to.x, to.y + nodeHeight / 2];
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  return [x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2];
};

const drawEdge = ({ kind, by }: GraphEdge, [x, y, ...rest]: readonly number[]): string => {
  return `<path class="${kind}" d="M${x} ${y}C${rest.join(' ')}" marker-end="url(#arrow)"><title>${escaped(by || kind)}</title></path>`;
};

const style =
  'rect{fill:#f4f6fa;stroke:#5b6b8c}.folder rect{fill:#fff7e0;stroke:#a8842c}text{font:12px sans-serif;text-anchor:middle;fill:#1b2433}' +
  'path{fill:none;stroke:#5b6b8c}path.event{stroke:#2c7a5b}path.earlier-run{stroke:#2c7a5b;stroke-dasharray:2 3}path.run{stroke-dasharray:4 3}marker path{fill:#5b6b8c;stroke:none}';

/** A graph drawn as SVG, without scripts and outside references. */
export const svgOf = ({ edges }: Graph, { nodes, width, height, curves = [] }: Layout): string => {
  const places = new Map(nodes.map((node) => [node.path, node]));
  const lines = edges.flatMap((edge, index) => {
    const [from, to] = [places.get(edge.from), places.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    const curve = curves[index] ?? [];
    return [drawEdge(edge, curve.length > 0 ? curve : curveBetween(from, to))];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<style>${style}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
    ...lines,
    ...nodes.map(drawNode),
    '</svg>\n',
  ].join('\n');
};
