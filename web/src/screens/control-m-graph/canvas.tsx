import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Drawing, type Graph } from './drawing.tsx';
import { graphTexts } from './texts.ts';
import { centredOn, fit, moved, opening, viewBoxOf, zoomed, type Size, type View } from './view.ts';

const stepPixels = 60;
const zoomStep = 1.4;
/** A press that moves less is a click, in pixels. */
const clickPixels = 4;

type SetView = (change: (view: View) => View) => void;

const useSize = (frame: RefObject<HTMLElement | null>): Size => {
  const [size, setSize] = useState<Size>({ width: 900, height: 520 });
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return size;
};

const changes: Readonly<Record<string, (view: View) => View>> = {
  ArrowLeft: (view) => moved(view, -stepPixels, 0),
  ArrowRight: (view) => moved(view, stepPixels, 0),
  ArrowUp: (view) => moved(view, 0, -stepPixels),
  ArrowDown: (view) => moved(view, 0, stepPixels),
  '+': (view) => zoomed(view, zoomStep),
  '-': (view) => zoomed(view, 1 / zoomStep),
};

/** Moves and zooms by wheel and keys: a pinch is a wheel with Ctrl. */
const useWheelAndKeys = (frame: RefObject<HTMLElement | null>, setView: SetView, onFit: () => void): void => {
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top, width, height } = element.getBoundingClientRect();
      const [right, down] = [event.clientX - left - width / 2, event.clientY - top - height / 2];
      const isZoom = event.ctrlKey || event.metaKey;
      setView((view) =>
        isZoom ? zoomed(view, Math.exp(-event.deltaY / 200), right, down) : moved(view, event.deltaX, event.deltaY),
      );
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const change = changes[event.key];
      if (change !== undefined) setView(change);
      if (event.key === '0') onFit();
      if (change !== undefined || event.key === '0') event.preventDefault();
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('keydown', onKey);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('keydown', onKey);
    };
  }, [frame, setView, onFit]);
};

/** Moves by dragging, and chooses a node by a click. */
const usePointer = (frame: RefObject<HTMLElement | null>, setView: SetView, onChoose: (path: string) => void): void => {
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    let pressed: { readonly x: number; readonly y: number; isDrag: boolean } | null = null;
    const onDown = (event: PointerEvent): void => {
      pressed = { x: event.clientX, y: event.clientY, isDrag: false };
    };
    const onMove = (event: PointerEvent): void => {
      if (pressed === null || event.buttons === 0) return;
      const isFar = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > clickPixels;
      if (!pressed.isDrag && !isFar) return;
      pressed.isDrag = true;
      element.setPointerCapture(event.pointerId);
      setView((view) => moved(view, -event.movementX, -event.movementY));
    };
    const onUp = (event: PointerEvent): void => {
      const path = event.target instanceof Element ? event.target.closest('[data-path]')?.getAttribute('data-path') : null;
      if (pressed?.isDrag === false && typeof path === 'string') onChoose(path);
      pressed = null;
    };
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    return () => {
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
    };
  }, [frame, setView, onChoose]);
};

interface CanvasParts {
  readonly graph: Graph;
  readonly chosen: string;
  readonly onChoose: (path: string) => void;
}

/** Keeps the chosen node in sight, and else the beginning of a new graph. */
const useAim = (graph: Graph, chosen: string, size: Size, setView: (change: (view: View) => View) => void): void => {
  const { width, height } = size;
  useEffect(() => {
    const node = graph.nodes.find(({ path }) => path === chosen);
    setView((view) => (node === undefined ? opening(graph, { width, height }) : centredOn(node, view.scale)));
  }, [graph, chosen, width, height, setView]);
};

/** A graph that is moved, zoomed and chosen from. What it shows can be read in the list beside it. */
export const Canvas = ({ graph, chosen, onChoose }: CanvasParts) => {
  const t = useTexts(graphTexts);
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const [view, setView] = useState<View>(() => opening(graph, size));
  const onFit = useCallback(() => setView(fit(graph, size)), [graph, size]);
  useAim(graph, chosen, size, setView);
  useWheelAndKeys(frame, setView, onFit);
  usePointer(frame, setView, onChoose);
  return (
    <div className="canvas">
      <div className="canvas-frame" ref={frame} role="region" aria-label={t.canvas} tabIndex={0}>
        <svg viewBox={viewBoxOf(view, size)} role="img" aria-label={t.drawing(graph.nodes.length, graph.edges.length)}>
          <Drawing graph={graph} chosen={chosen} />
        </svg>
      </div>
      <div className="canvas-buttons">
        <Button aria-label={t.zoomIn} onClick={() => setView((now) => zoomed(now, zoomStep))}>
          +
        </Button>
        <Button aria-label={t.zoomOut} onClick={() => setView((now) => zoomed(now, 1 / zoomStep))}>
          −
        </Button>
        <Button onClick={onFit}>{t.fit}</Button>
      </div>
    </div>
  );
};
