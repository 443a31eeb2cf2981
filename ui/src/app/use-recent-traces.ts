import { useEffect } from 'react';
import { text } from '../text/catalogue.ts';
import { rememberTrace } from './recent-traces.ts';

const TRACE_PAGE = /^\/trace\/([0-9a-f]{32})$/;

/** Remembers each trace whose page names itself; one that has not come yet, or is not there, has no name of its own. */
export function useRecentTraces(): void {
  useEffect(() => {
    const [before, after] = text.shell.title('\n').split('\n');
    const remember = (): void => {
      const traceId = TRACE_PAGE.exec(location.pathname)?.[1];
      const { title } = document;
      if (traceId === undefined || !title.endsWith(after)) return;
      const name = title.slice(before.length, title.length - after.length);
      if (name !== '' && name !== text.trace.page) rememberTrace({ traceId, title: name });
    };
    const observer = new MutationObserver(remember);
    const element = document.querySelector('title');
    if (element !== null) observer.observe(element, { childList: true, characterData: true, subtree: true });
    return () => observer.disconnect();
  }, []);
}
