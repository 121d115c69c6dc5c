// @vitest-environment happy-dom
import { defaultCommunitySettings } from '@guildhall/contracts';
import { afterEach, expect, test, vi } from 'vitest';
import { queryClient } from '../src/api/reading.ts';
import { communityRights, globalPermissions } from '../src/api/rights.ts';
import type { ScreenParts } from '../src/screens/screens.ts';
import { buttonOf, draw, fieldOf, problem, serveApi, type, type SentRequest } from './support/page.ts';

/** One item that somebody looks at, while others save it. */
let version = 1;
afterEach(() => {
  version = 1;
});

const made = {
  createdBy: 'olive',
  createdByName: 'Olive',
  createdAt: '2026-01-31T08:30:00.000Z',
  updatedAt: '2026-01-31T08:30:00.000Z',
};
const named = () => ({
  id: 'one',
  name: 'Night batch',
  description: version === 1 ? '' : `By others, ${version}`,
  version,
  ...made,
});
const answers: Readonly<Record<string, () => unknown>> = {
  '/v1/auth/me': () => ({ id: 'olive', displayName: 'Olive', permissions: globalPermissions, waysIn: { hasPassword: true } }),
  '/v1/communities/one': () => ({ ...named(), role: 'owner', settings: defaultCommunitySettings }),
  '/v1/communities/one/permissions': () => ({ userId: 'olive', role: 'owner', permissions: communityRights }),
  '/v1/communities/one/roles/one': () => ({ ...named(), communityId: 'one', permissions: ['community:read'] }),
  '/v1/communities/one/forums/one': () => ({ ...named(), communityId: 'one' }),
  '/v1/communities/one/councils/one': () => ({ ...named(), communityId: 'one' }),
  '/v1/workspaces/one': () => ({ ...named(), mode: 'solo', communityId: null }),
  '/v1/audit/retention': () => ({ keepDays: version === 1 ? null : 900, version, updatedAt: null }),
};

const isChange = ({ method }: SentRequest): boolean => method === 'PATCH' || method === 'PUT';

/** Answers reads with the version that is there, and refuses a change that names another one. */
const serve = (): readonly SentRequest[] =>
  serveApi((request) => {
    if (isChange(request) && request.headers.get('if-match') !== `"${version}"`) return problem(412, 'VERSION_MISMATCH');
    if (isChange(request)) version += 1;
    const answer = answers[request.path.split('?')[0] ?? ''];
    return { status: 200, body: answer === undefined ? { items: [], nextCursor: null } : answer() };
  });

const press = (host: HTMLElement, text: string): void => buttonOf(host, text).click();
const submit = (host: HTMLElement, text: string): void => {
  const button = buttonOf(host, text);
  if (button.form === null) button.click();
  else button.form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
};

interface Form {
  readonly load: () => Promise<{ readonly Screen: (parts: ScreenParts) => unknown }>;
  readonly params: Readonly<Record<string, string>>;
  /** The button that opens it. */
  readonly opener?: string;
  readonly field: string;
  readonly typed: string;
  readonly save: string;
  /** Whether the save is asked about once more. */
  readonly isAsked?: true;
}

const forms: Readonly<Record<string, Form>> = {
  'the settings of a community': {
    load: () => import('../src/screens/community-settings/community-settings.tsx'),
    params: { communityId: 'one' },
    field: 'Name',
    typed: 'Day batch',
    save: 'Save the settings',
  },
  'an own role': {
    load: () => import('../src/screens/own-role/own-role.tsx'),
    params: { communityId: 'one', ownRoleId: 'one' },
    field: 'Name',
    typed: 'Day batch',
    save: 'Save the role',
  },
  'a forum': {
    load: () => import('../src/screens/forum/forum.tsx'),
    params: { communityId: 'one', forumId: 'one' },
    opener: 'Edit',
    field: 'Name',
    typed: 'Day batch',
    save: 'Save',
  },
  'a council': {
    load: () => import('../src/screens/council/council.tsx'),
    params: { communityId: 'one', councilId: 'one' },
    opener: 'Edit',
    field: 'Name',
    typed: 'Day batch',
    save: 'Save',
  },
  'a workspace': {
    load: () => import('../src/screens/workspace/workspace.tsx'),
    params: { workspaceId: 'one' },
    opener: 'Rename',
    field: 'Name',
    typed: 'Day batch',
    save: 'Save',
  },
  'the retention': {
    load: () => import('../src/screens/audit-retention/audit-retention.tsx'),
    params: {},
    field: 'Days that events are kept; empty: for ever',
    typed: '30',
    save: 'Set the retention',
    isAsked: true,
  },
};

/** Saves, and answers the version that the save named. */
const savedOver = async (host: HTMLElement, { save, isAsked }: Form, sent: readonly SentRequest[]): Promise<string | null> => {
  const before = sent.filter(isChange).length;
  submit(host, save);
  if (isAsked === true) {
    await vi.waitFor(() => expect(host.querySelector('dialog')).not.toBe(null));
    const dialog = host.querySelector<HTMLElement>('dialog');
    if (dialog !== null) press(dialog, save);
  }
  await vi.waitFor(() => expect(sent.filter(isChange).length).toBeGreaterThan(before));
  return sent.filter(isChange).at(-1)?.headers.get('if-match') ?? null;
};

test.each(Object.keys(forms))(
  '%s is saved over the version that was seen, though a later one was read meanwhile',
  async (name) => {
    const form = forms[name] as Form;
    const sent = serve();
    const { Screen } = await form.load();
    const host = draw(Screen as (parts: ScreenParts) => null, { params: form.params });
    if (form.opener !== undefined) {
      await vi.waitFor(() => buttonOf(host, form.opener ?? ''));
      press(host, form.opener);
    }
    await vi.waitFor(() => fieldOf(host, form.field));
    type(fieldOf(host, form.field), form.typed);
    version = 2;
    await queryClient.invalidateQueries();
    await vi.waitFor(() => expect(host.textContent).toContain('Somebody else saved this meanwhile'));
    expect(fieldOf(host, form.field).value).toBe(form.typed);

    expect(await savedOver(host, form, sent)).toBe('"1"');
    await vi.waitFor(() => expect(host.textContent).toContain('VERSION_MISMATCH'));
    if (form.isAsked === true) buttonOf(host, 'Cancel').click();
    press(host, 'Go on from theirs, with my changes');
    await vi.waitFor(() => expect(host.textContent).not.toContain('Somebody else saved this meanwhile'));
    expect(fieldOf(host, form.field).value).toBe(form.typed);
    expect(await savedOver(host, form, sent)).toBe('"2"');
    expect(version).toBe(3);
  },
);
