import { useEffect } from 'react';
import { text } from '../text/catalogue.ts';

/**
 * What the document is named after. Two names, since what is shown may be there as soon as its page is: effects of the
 * inner component then run first, and the page's must not take the name away again.
 */
const names: { page: string; content: string | undefined } = { page: '', content: undefined };

function nameDocument(): void {
  document.title = text.shell.title(names.content ?? names.page);
}

/** Names the document after the page, where what it shows has no name of its own. */
export function useTitle(page: string): void {
  useEffect(() => {
    names.page = page;
    nameDocument();
  }, [page]);
}

/** Names the document after what its page shows, for as long as that is shown. */
export function useContentTitle(content: string): void {
  useEffect(() => {
    names.content = content;
    nameDocument();
    return () => {
      names.content = undefined;
      nameDocument();
    };
  }, [content]);
}
