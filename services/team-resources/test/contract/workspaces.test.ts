import { createHash, randomUUID } from 'node:crypto';
import type { ControlMFolder, Script, Workspace } from '@guildhall/contracts';
import { countStatements } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { newPlace, type Place } from '../support/people.ts';
import { newUser, noSuch, problem, type Method, type SendOptions, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

interface Home extends Place {
  readonly workspace: Workspace;
  readonly script: Script;
  readonly folder: ControlMFolder;
  readonly url: string;
  readonly scriptUrl: string;
  readonly folderUrl: string;
}

const newHome = async (roles: Parameters<typeof newPlace>[1] = []): Promise<Home> => {
  const place = await newPlace(service, roles);
  const send = service.as(place.owner);
  const made = await send('POST', `/v1/communities/${place.id}/workspaces`, { body: { name: 'Night jobs' } });
  const workspace = made.body as Workspace;
  const url = `/v1/workspaces/${workspace.id}`;
  const saved = await send('POST', `${url}/scripts`, { body: { name: 'backup.sh', language: 'shell', content: 'echo 1' } });
  const script = saved.body as Script;
  const definition = { Type: 'Folder', Backup: { Type: 'Job:Command', Command: './backup.sh' } };
  const folders = `${url}/control-m/folders`;
  const folder = (await send('POST', folders, { body: { name: 'NIGHT', definition } })).body as ControlMFolder;
  const urls = { url, scriptUrl: `${url}/scripts/${script.id}`, folderUrl: `${folders}/${folder.id}` };
  return { ...place, workspace, script, folder, ...urls };
};

/** Every operation on a workspace and what lies in it: how it is asked for, and what is not found when it may not be seen. */
const operations = ({
  id,
  url,
  scriptUrl,
  folderUrl,
}: Home): readonly (readonly [Method, string, SendOptions, 'community' | 'workspace' | 'script' | 'version' | 'folder'])[] => [
  ['GET', `/v1/communities/${id}/workspaces`, {}, 'community'],
  ['POST', `/v1/communities/${id}/workspaces`, { body: { name: 'x' } }, 'community'],
  ['GET', url, {}, 'workspace'],
  ['PATCH', url, { body: { name: 'x' }, ifMatch: 1 }, 'workspace'],
  ['DELETE', url, { ifMatch: 1 }, 'workspace'],
  ['POST', `${url}/restore`, {}, 'workspace'],
  ['GET', `${url}/scripts`, {}, 'workspace'],
  ['POST', `${url}/scripts`, { body: { name: 'x', language: 'sql', content: '' } }, 'workspace'],
  ['GET', scriptUrl, {}, 'script'],
  ['PATCH', scriptUrl, { body: { content: 'x' }, ifMatch: 1 }, 'script'],
  ['DELETE', scriptUrl, { ifMatch: 1 }, 'script'],
  ['GET', `${scriptUrl}/versions`, {}, 'script'],
  ['GET', `${scriptUrl}/versions/1`, {}, 'version'],
  ['GET', `${url}/control-m/folders`, {}, 'workspace'],
  ['POST', `${url}/control-m/folders`, { body: { name: 'x', definition: { Type: 'Folder' } } }, 'workspace'],
  ['GET', folderUrl, {}, 'folder'],
  ['PATCH', folderUrl, { body: { name: 'x' }, ifMatch: 1 }, 'folder'],
  ['DELETE', folderUrl, { ifMatch: 1 }, 'folder'],
];

describe('a member of another community', () => {
  test('finds none of it, by any operation, and changes nothing', async () => {
    const [home, other] = [await newHome(), await newHome()];
    const before = await service.as(home.owner)('GET', home.scriptUrl);
    for (const [method, path, options, noun] of operations(home)) {
      expect([method, path, await service.as(other.owner)(method, path, options)]).toEqual([method, path, noSuch(noun)]);
    }
    expect(await service.as(home.owner)('GET', home.scriptUrl)).toEqual(before);
    const listed = (await service.as(other.owner)('GET', '/v1/workspaces')).body as { items: Workspace[] };
    expect(listed.items).toEqual([other.workspace]);
  });

  test('does not reach a script through their own workspace', async () => {
    const [home, other] = [await newHome(), await newHome()];
    const path = `${other.url}/scripts/${home.script.id}`;
    expect(await service.as(other.owner)('GET', path)).toEqual(noSuch('script'));
    expect(await service.as(other.owner)('PATCH', path, { body: { name: 'x' }, ifMatch: 1 })).toEqual(noSuch('script'));
    expect(await service.as(other.owner)('DELETE', path, { ifMatch: 1 })).toEqual(noSuch('script'));
  });
});

describe('a viewer', () => {
  test('reads all of it and changes none of it, and every attempt is in the audit trail', async () => {
    const home = await newHome(['viewer']);
    const viewer: User = home.members[0] ?? newUser();
    const answers: string[] = [];
    for (const [method, path, options] of operations(home)) {
      answers.push(`${method} ${(await service.as(viewer)(method, path, options)).status}`);
    }
    expect(answers).toEqual(operations(home).map(([method]) => `${method} ${method === 'GET' ? 200 : 403}`));
    const denied = (await outboxOf(outbox, home.id)).filter(({ result }) => result === 'denied');
    expect(denied.map(({ action, actor }) => [action, actor.id])).toEqual(
      [
        'workspace.create',
        'workspace.update',
        'workspace.delete',
        'workspace.restore',
        'script.create',
        'script.update',
        'script.delete',
        'control-m-folder.create',
        'control-m-folder.update',
        'control-m-folder.delete',
      ].map((action) => [action, viewer.userId]),
    );
  });

  test('is told what is missing', async () => {
    const home = await newHome(['viewer']);
    const answer = await service.as(home.members[0] ?? newUser())('PATCH', home.scriptUrl, { body: { name: 'x' }, ifMatch: 9 });
    expect(answer).toEqual(problem(403, 'FORBIDDEN', 'Your role here, viewer, does not include script:update.'));
  });
});

describe('a saved script', () => {
  test('leaves an event that tells its text by digest and length', async () => {
    const home = await newHome();
    await service.as(home.owner)('PATCH', home.scriptUrl, { body: { content: 'echo 2', name: 'backup.sh' }, ifMatch: 1 });
    expect((await outboxOf(outbox, home.id)).at(-1)).toEqual({
      actor: { type: 'user', id: home.owner.userId, sessionId: expect.any(String), ip: '203.0.113.7', userAgent: 'test' },
      action: 'script.update',
      resource: { type: 'script', id: home.script.id, name: 'backup.sh' },
      communityId: home.id,
      result: 'success',
      changes: [
        {
          path: '/content',
          before: { sha256: '8ff76b84557c1745fe2003155f68de27f0c501ccceefd947b5746fe7a7de831e', characters: 6 },
          after: { sha256: '9f8f29bb80830f069e821de502ec94200481550c208751d49bc7465815fff4f5', characters: 6 },
        },
      ],
      requestId: expect.any(String),
      service: 'team-resources',
    });
  });

  test('may be as long as a script may be, each character in its longest form, and no longer', async () => {
    const home = await newHome();
    const content = '\u0001🦉'.repeat(250_000);
    const saved = await service.as(home.owner)('PATCH', home.scriptUrl, { body: { content }, ifMatch: 1 });
    expect([saved.status, (saved.body as Script).content === content]).toEqual([200, true]);
    const longer = await service.as(home.owner)('PATCH', home.scriptUrl, { body: { content: `${content}x` }, ifMatch: 2 });
    expect([longer.status, (longer.body as { code: string }).code]).toEqual([400, 'INVALID']);
    const huge = await service.as(home.owner)('PATCH', home.scriptUrl, { body: { content: 'x'.repeat(7_000_000) }, ifMatch: 2 });
    expect([huge.status, (huge.body as { code: string }).code]).toEqual([413, 'TOO_LARGE']);
  });

  test('tells of nothing that was not saved', async () => {
    const home = await newHome();
    const before = await outboxOf(outbox, home.id);
    await service.as(home.owner)('PATCH', home.scriptUrl, { body: { content: 'echo 1' }, ifMatch: 1 });
    await service.as(home.owner)('PATCH', home.scriptUrl, { body: { content: 'echo 3' }, ifMatch: 7 });
    await service.as(home.owner)('POST', `${home.url}/scripts`, { body: { name: 'x' } });
    expect(await outboxOf(outbox, home.id)).toEqual(before);
  });

  test('leaves one version and one event of each of fifty saves that get through', async () => {
    const home = await newHome();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        service.as(home.owner)('PATCH', home.scriptUrl, { body: { content: `echo save ${n}` }, ifMatch: 1 }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const updates = (await outboxOf(outbox, home.id)).filter(({ action }) => action === 'script.update');
    expect(updates).toHaveLength(1);
    const versions = await outbox.run(`SELECT version FROM team.script_versions WHERE script_id = '${home.script.id}'`);
    expect(versions.map(({ version }) => Number(version)).toSorted((one, other) => one - other)).toEqual([1, 2]);
  });
});

const digestOf = (definition: object) => {
  const text = JSON.stringify(definition);
  return { sha256: createHash('sha256').update(text).digest('hex'), characters: text.length };
};

describe('a Control-M folder', () => {
  test('leaves events that tell its definition by digest and length', async () => {
    const home = await newHome();
    const body = { definition: { Type: 'Folder' } };
    await service.as(home.owner)('PATCH', home.folderUrl, { body, ifMatch: 1 });
    const [created, updated] = (await outboxOf(outbox, home.id)).slice(-2);
    const before = digestOf(home.folder.definition);
    expect(created).toMatchObject({
      action: 'control-m-folder.create',
      resource: { type: 'control-m-folder', id: home.folder.id, name: 'NIGHT' },
      changes: [
        { path: '/name', after: 'NIGHT' },
        { path: '/definition', after: before },
        { path: '/jobCount', after: 1 },
      ],
    });
    expect(updated).toMatchObject({
      action: 'control-m-folder.update',
      result: 'success',
      changes: [
        { path: '/definition', before, after: digestOf(body.definition) },
        { path: '/jobCount', before: 1, after: 0 },
      ],
    });
  });
});

describe('what an operation costs', () => {
  test('a read is one statement', async () => {
    const home = await newHome();
    for (const [method, path] of operations(home).filter(([name]) => name === 'GET')) {
      const { statements } = await countStatements(() => service.as(home.owner)(method, path));
      expect([path, statements.length]).toEqual([path, 1]);
    }
  });

  test('a save is two: one that looks, one that decides', async () => {
    const home = await newHome();
    const saves: readonly (readonly [Method, string, SendOptions])[] = [
      ['POST', `/v1/communities/${home.id}/workspaces`, { body: { name: 'x' }, key: randomUUID() }],
      ['PATCH', home.url, { body: { name: 'x' }, ifMatch: 1 }],
      ['POST', `${home.url}/scripts`, { body: { name: 'x', language: 'sql', content: '' }, key: randomUUID() }],
      ['PATCH', home.scriptUrl, { body: { content: 'x' }, ifMatch: 1 }],
      ['DELETE', home.scriptUrl, { ifMatch: 2 }],
      ['POST', `${home.url}/control-m/folders`, { body: { name: 'x', definition: { Type: 'Folder' } }, key: randomUUID() }],
      ['PATCH', home.folderUrl, { body: { name: 'y' }, ifMatch: 1 }],
      ['DELETE', home.folderUrl, { ifMatch: 2 }],
      ['DELETE', home.url, { ifMatch: 2 }],
      ['POST', `${home.url}/restore`, {}],
    ];
    for (const [method, path, options] of saves) {
      const { result, statements } = await countStatements(() => service.as(home.owner)(method, path, options));
      expect([method, path, result.status < 300, statements.length]).toEqual([method, path, true, 2]);
    }
  });
});

describe('GET /v1/workspaces', () => {
  test('answers the shared part, or nothing when only solo ones are asked for', async () => {
    const home = await newHome();
    const send = service.as(home.owner);
    expect((await send('GET', '/v1/workspaces')).body).toEqual({
      items: [home.workspace],
      nextCursor: null,
      shared: { status: 'included' },
    });
    expect((await send('GET', '/v1/workspaces?mode=solo')).body).toEqual({
      items: [],
      nextCursor: null,
      shared: { status: 'not_asked' },
    });
  });
});
