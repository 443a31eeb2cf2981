import { useEffect } from 'react';
import { text } from '../text/catalogue.ts';

/** Names the document after the page. */
export function useTitle(page: string): void {
  useEffect(() => {
    document.title = text.shell.title(page);
  }, [page]);
}
