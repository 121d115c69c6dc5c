/** The place behind a page of the list of scripts: as the cursor of the API, and as the values that it stands for. */
export interface PagePlace {
  readonly cursor: string;
  readonly createdAt: string;
  readonly id: string;
}

interface Page {
  readonly items: readonly { readonly createdAt: string; readonly id: string }[];
  readonly nextCursor: string | null;
}

const pagesMax = 40;

/** Reads a list of scripts from its beginning, at most forty pages of 25, and returns the place behind each page that has a next one. */
export const walkPages = async (url: string, token: string): Promise<readonly PagePlace[]> => {
  const places: PagePlace[] = [];
  for (let cursor = ''; places.length < pagesMax; cursor = `&cursor=${places.at(-1)?.cursor ?? ''}`) {
    const response = await fetch(`${url}?limit=25${cursor}`, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`A page was answered ${response.status}: ${await response.text()}`);
    const { items, nextCursor } = (await response.json()) as Page;
    const last = items.at(-1);
    if (nextCursor === null || last === undefined) break;
    places.push({ cursor: nextCursor, createdAt: last.createdAt, id: last.id });
  }
  return places;
};
