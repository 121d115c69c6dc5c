import { createHash, randomUUID } from 'node:crypto';
import { countStatements, timesAtOnce } from '@guildhall/testkit';
import { exampleBodyOf, workspaceArchiveRoutes, type ControlMFolder, type Script, type Workspace } from '@guildhall/contracts';
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
  workspace,
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
  ['POST', `${scriptUrl}/restore`, {}, 'script'],
  ['GET', `${scriptUrl}/versions`, {}, 'script'],
  ['GET', `${scriptUrl}/versions/1`, {}, 'version'],
  ['GET', `${scriptUrl}/versions/compare?from=1`, {}, 'version'],
  ['POST', `${scriptUrl}/versions/1/restore`, { ifMatch: 1 }, 'version'],
  ['GET', `${url}/control-m/folders`, {}, 'workspace'],
  ['POST', `${url}/control-m/folders`, { body: { name: 'x', definition: { Type: 'Folder' } } }, 'workspace'],
  ['GET', `/v1/workspaces/${workspace.id}/control-m/naming-rules`, {}, 'workspace'],
  ['PUT', `/v1/workspaces/${workspace.id}/control-m/naming-rules`, { body: { rules: [] }, ifMatch: 1 }, 'workspace'],
  ['GET', folderUrl, {}, 'folder'],
  ['PATCH', folderUrl, { body: { name: 'x' }, ifMatch: 1 }, 'folder'],
  ['DELETE', folderUrl, { ifMatch: 1 }, 'folder'],
  ['POST', `${folderUrl}/restore`, {}, 'folder'],
  ['GET', `${folderUrl}/versions`, {}, 'folder'],
  ['GET', `${folderUrl}/versions/1`, {}, 'version'],
  ['GET', `${folderUrl}/versions/compare?from=1`, {}, 'version'],
  ['GET', `${folderUrl}/versions/compare/jobs?from=1`, {}, 'version'],
  ['POST', `${folderUrl}/versions/1/restore`, { ifMatch: 1 }, 'version'],
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

/** The names in every `createdByName` of an answer, at any depth; undefined where a `createdBy` has none beside it. */
const creatorsIn = (answer: unknown): readonly unknown[] => {
  if (Array.isArray(answer)) return answer.flatMap(creatorsIn);
  if (typeof answer !== 'object' || answer === null) return [];
  const { createdByName } = answer as { readonly createdByName?: unknown };
  return [...('createdBy' in answer ? [createdByName] : []), ...Object.values(answer).flatMap(creatorsIn)];
};

test('whoever reads something is told by name who created or saved it', async () => {
  const home = await newHome(['viewer', 'member']);
  const [viewer = newUser(), editor = newUser()] = home.members;
  await service.as(editor)('PATCH', home.scriptUrl, { body: { content: 'echo 2' }, ifMatch: 1 });
  const namesAt = async (path: string) => creatorsIn((await service.as(viewer)('GET', path)).body);
  const folders = `${home.url}/control-m/folders`;
  const ofOwner = [
    `/v1/communities/${home.id}/workspaces`,
    '/v1/workspaces',
    home.url,
    `${home.url}/scripts`,
    `${home.url}/scripts?q=echo`,
    home.scriptUrl,
    `${home.scriptUrl}/versions/1`,
    folders,
    `${folders}?q=NIGHT`,
    home.folderUrl,
    `${home.folderUrl}/versions`,
    `${home.folderUrl}/versions/1`,
  ];
  for (const path of ofOwner) expect([path, await namesAt(path)]).toEqual([path, [home.owner.displayName]]);
  const both = [editor.displayName, home.owner.displayName];
  expect(await namesAt(`${home.scriptUrl}/versions`)).toEqual(both);
  expect(await namesAt(`${home.scriptUrl}/versions/compare?from=2&to=1`)).toEqual(both);
  const { body } = await service.as(editor)('PUT', `${home.url}/control-m/naming-rules`, { body: { rules: [] }, ifMatch: 1 });
  expect([body, await namesAt(home.url)]).toEqual([{ rules: [] }, [home.owner.displayName]]);
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
        'script.restore',
        'script.restore-version',
        'control-m-folder.create',
        'workspace.update-naming-rules',
        'control-m-folder.update',
        'control-m-folder.delete',
        'control-m-folder.restore',
        'control-m-folder.restore-version',
      ].map((action) => [action, viewer.userId]),
    );
  });

  test('sees none of what is deleted, which they may not restore', async () => {
    const home = await newHome(['viewer']);
    await service.as(home.owner)('DELETE', home.scriptUrl, { ifMatch: 1 });
    await service.as(home.owner)('DELETE', home.folderUrl, { ifMatch: 1 });
    const viewer = service.as(home.members[0] ?? newUser());
    const lists = [
      `${home.url}/scripts`,
      `${home.url}/control-m/folders`,
      `/v1/communities/${home.id}/workspaces`,
      '/v1/workspaces',
    ];
    for (const path of lists) {
      if (path.endsWith('/workspaces')) await service.as(home.owner)('DELETE', home.url, { ifMatch: 1 });
      const query = `${path}?state=deleted`;
      expect([path, (await viewer('GET', query)).body]).toMatchObject([path, { items: [], nextCursor: null }]);
      expect(((await service.as(home.owner)('GET', query)).body as { items: unknown[] }).items).toHaveLength(1);
    }
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

  test('is listed under who saved the last version of it, whoever made it', async () => {
    const home = await newHome(['member']);
    const member = home.members[0] as User;
    await service.as(member)('PATCH', home.scriptUrl, { body: { content: 'echo 2' }, ifMatch: 1 });
    const changedBy = async (user: User) => {
      const { body } = await service.as(home.owner)('GET', `${home.url}/scripts?changedBy=${user.userId}`);
      return (body as { items: readonly Script[] }).items.map(({ id }) => id);
    };
    expect(await changedBy(member)).toEqual([home.script.id]);
    expect(await changedBy(home.owner)).toEqual([]);
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
    const answers = await timesAtOnce(50, (n) =>
      service.as(home.owner)('PATCH', home.scriptUrl, { body: { content: `echo save ${n}` }, ifMatch: 1 }),
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

describe('an import of Control-M documents', () => {
  test('leaves an event for each folder and document that it saves, and none for what stays as it is', async () => {
    const { id, owner, url } = await newHome();
    const text = '{"A": {"Type": "Folder"}, "B": {"Type": "Folder"}}';
    const body = { documents: [{ name: 'two.json', text }] };
    const saved = async (): Promise<readonly unknown[]> => {
      const before = (await outboxOf(outbox, id)).length;
      await service.as(owner)('POST', `${url}/control-m/import`, { body });
      return (await outboxOf(outbox, id)).slice(before).map(({ action, resource }) => [action, resource.name]);
    };
    expect(await saved()).toEqual([
      ['control-m-folder.create', 'A'],
      ['control-m-folder.create', 'B'],
      ['control-m-document.create', 'two.json'],
    ]);
    expect(await saved()).toEqual([]);
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
      ['DELETE', `${home.scriptUrl}?force=true`, { ifMatch: 2 }],
      ['POST', `${home.url}/control-m/folders`, { body: { name: 'x', definition: { Type: 'Folder' } }, key: randomUUID() }],
      ['PATCH', home.folderUrl, { body: { name: 'y' }, ifMatch: 1 }],
      ['DELETE', `${home.folderUrl}?force=true`, { ifMatch: 2 }],
      ['DELETE', home.url, { ifMatch: 2 }],
      ['POST', `${home.url}/restore`, {}],
    ];
    for (const [method, path, options] of saves) {
      const { result, statements } = await countStatements(() => service.as(home.owner)(method, path, options));
      expect([method, path, result.status < 300, statements.length]).toEqual([method, path, true, 2]);
    }
  });

  test('a delete of a Control-M folder or a script reads it and the workspace before', async () => {
    const { owner, folderUrl, scriptUrl } = await newHome();
    for (const path of [scriptUrl, folderUrl]) {
      const { result, statements } = await countStatements(() => service.as(owner)('DELETE', path, { ifMatch: 1 }));
      expect([result.status, statements.length]).toEqual([204, 6]);
    }
  });
});

test('POST …/control-m/transform is answered to a viewer, and saves nothing', async () => {
  const home = await newHome(['viewer']);
  const viewer: User = home.members[0] ?? newUser();
  const rules = [{ Property: 'Command', Replace: [{ './(.*)': '/opt/$1' }] }];
  const body = { descriptor: JSON.stringify({ DeployDescriptor: rules }) };
  const answer = await service.as(viewer)('POST', `/v1/workspaces/${home.workspace.id}/control-m/transform`, { body });
  expect([answer.status, answer.body]).toMatchObject([200, { unchanged: 0, rules: [{ number: 1, matches: 1 }] }]);
  expect((await service.as(home.owner)('GET', home.folderUrl)).body).toEqual(home.folder);
});

test('an archive comes in from a member, and not from a viewer', async () => {
  const home = await newHome(['viewer', 'member']);
  const [viewer = newUser(), member = newUser()] = home.members;
  const example = exampleBodyOf(workspaceArchiveRoutes.importWorkspace) as object;
  expect((await service.as(viewer)('POST', `/v1/workspaces/${home.workspace.id}/archive`, { body: example })).status).toBe(403);
  const imported = await service.as(member)('POST', `/v1/workspaces/${home.workspace.id}/archive`, { body: example });
  expect([imported.status, imported.body]).toMatchObject([200, { scripts: { created: 1, unchanged: 0 } }]);
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
