import { QueryClientProvider } from '@tanstack/react-query';
import { createElement, type ComponentProps, type ComponentType } from 'react';
import { createRoot } from 'react-dom/client';
import { onTestFinished, vi } from 'vitest';
import { queryClient } from '../../src/api/reading.ts';

// The simulated browser has no locks: one page needs none.
const alone = { request: (_name: string, run: () => unknown) => run() };
Object.defineProperty(navigator, 'locks', { value: alone, configurable: true });

/** A request of the page, as the server would see it. */
export interface SentRequest {
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

export interface GivenAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers by what was asked; an error stands for a connection that broke. */
export type Api = (request: SentRequest) => GivenAnswer | Error;

/** Puts an API behind `fetch` for one test. Returns what was sent, as it comes. */
export const serveApi = (api: Api): readonly SentRequest[] => {
  const sent: SentRequest[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    const { method = 'GET', headers, body } = init;
    const request = { path, method, headers: new Headers(headers), body: typeof body === 'string' ? body : '' };
    sent.push(request);
    const answer = api(request);
    if (answer instanceof Error) throw answer;
    const { status, body: given, headers: more = {} } = answer;
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    return new Response(given === undefined ? null : JSON.stringify(given), {
      status,
      headers: { 'content-type': type, ...more },
    });
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  return sent;
};

/** A problem as the API answers it. */
export const problem = (status: number, code: string, detail = `The answer is ${code}.`): GivenAnswer => ({
  status,
  body: { type: 'about:blank', title: code, status, detail, code, requestId: 'a-request' },
});

/** Draws a component into the page for one test. */
export const draw = <Parts extends object>(component: ComponentType<Parts>, parts: Parts): HTMLElement => {
  const host = document.createElement('div');
  document.body.append(host);
  const root = createRoot(host);
  const inner = createElement(component as ComponentType<object>, parts as ComponentProps<ComponentType<object>>);
  root.render(createElement(QueryClientProvider, { client: queryClient }, inner));
  onTestFinished(() => {
    root.unmount();
    queryClient.clear();
    host.remove();
  });
  return host;
};

/** A field of a page by its label. Throws where there is none. */
export const fieldOf = (host: HTMLElement, label: string): HTMLInputElement => {
  const found = [...host.querySelectorAll('label')].find(({ textContent }) => textContent === label);
  const field = found === undefined ? null : host.querySelector<HTMLInputElement>(`#${CSS.escape(found.htmlFor)}`);
  if (field === null) throw new Error(`There is no field "${label}" in: ${host.textContent}`);
  return field;
};

/** Types a value into a field, as a person does. */
export const type = (field: HTMLInputElement, value: string): void => {
  // React tells a change by the setter that it puts over this one.
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
};

/** A button of a page by its text. Throws where there is none. */
export const buttonOf = (host: HTMLElement, text: string): HTMLButtonElement => {
  const found = [...host.querySelectorAll('button')].find(({ textContent }) => textContent === text);
  if (found === undefined) throw new Error(`There is no button "${text}" in: ${host.textContent}`);
  return found;
};
