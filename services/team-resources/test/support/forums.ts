import type { CommunityRole, Forum, Post, PostSummary, Thread, ThreadSummary } from '@guildhall/contracts';
import { newPlace } from './people.ts';
import { newUser, type Reply, type TeamService, type User } from './team-service.ts';

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** A community with one forum, and the requests to its threads and posts. */
export interface ForumPlace {
  readonly communityId: string;
  readonly owner: User;
  /** The address of the community's forums. */
  readonly forumsUrl: string;
  readonly forum: Forum;
  /** The address of the threads of the forum. */
  readonly url: string;
  as(user: User): ReturnType<TeamService['as']>;
  member(index: number): User;
  begin(title?: string, user?: User): Promise<Thread>;
  postsUrl(thread: Pick<Thread, 'id'>): string;
  post(thread: Pick<Thread, 'id'>, content?: string, user?: User): Promise<Post>;
  threads(query?: string, user?: User): Promise<PageOf<ThreadSummary>>;
  posts(thread: Pick<Thread, 'id'>, query?: string, user?: User): Promise<PageOf<PostSummary>>;
  markRead(thread: Pick<Thread, 'id'>, body?: object, user?: User): Promise<Reply>;
}

/** The body of an answer that says 201. Throws an Error for another one. */
const createdBody = ({ status, body }: Reply): unknown => {
  if (status !== 201) throw new Error(`Creating answered ${status}: ${JSON.stringify(body)}`);
  return body;
};

export const newForumPlace = async (
  service: TeamService,
  roles: readonly Exclude<CommunityRole, 'owner'>[] = [],
): Promise<ForumPlace> => {
  const { id: communityId, owner, members } = await newPlace(service, roles);
  const forumsUrl = `/v1/communities/${communityId}/forums`;
  const forum = createdBody(await service.as(owner)('POST', forumsUrl, { body: { name: 'Incidents' } })) as Forum;
  const url = `/v1/communities/${communityId}/forums/${forum.id}/threads`;
  const postsUrl = ({ id }: Pick<Thread, 'id'>) => `/v1/communities/${communityId}/forums/${forum.id}/threads/${id}/posts`;
  return {
    communityId,
    owner,
    forumsUrl,
    forum,
    url,
    as: service.as,
    member: (index) => members[index] ?? newUser(),
    begin: async (title = 'Late again', user = owner) =>
      createdBody(await service.as(user)('POST', url, { body: { title, content: 'First.' } })) as Thread,
    postsUrl,
    post: async (thread, content = 'More.', user = owner) =>
      createdBody(await service.as(user)('POST', postsUrl(thread), { body: { content } })) as Post,
    threads: async (query = '', user = owner) => (await service.as(user)('GET', url + query)).body as PageOf<ThreadSummary>,
    posts: async (thread, query = '', user = owner) =>
      (await service.as(user)('GET', postsUrl(thread) + query)).body as PageOf<PostSummary>,
    markRead: ({ id }, body = {}, user = owner) => service.as(user)('PUT', `${url}/${id}/read-mark`, { body }),
  };
};

/** Reads a list page by page, one item a page. */
export const everyItem = async <Item>(page: (query: string) => Promise<PageOf<Item>>): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const next: PageOf<Item> = await page(`limit=1${cursor && `&cursor=${cursor}`}`);
    items.push(...next.items);
    cursor = next.nextCursor;
  }
  return items;
};
