import { useCallback, useEffect, useState } from 'react';

/** A pause in typing this long shows what is wrong with the text. */
const MISTAKE_AFTER_MS = 700;

/** Whether a text being typed is to be judged: after a pause, and at once when it was settled. */
export function useSettledDraft(draft: string): { readonly isSettled: boolean; readonly settle: (as: string) => void } {
  const [settled, setSettled] = useState(draft);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(draft), MISTAKE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  const settle = useCallback((as: string) => setSettled(as), []);
  return { isSettled: settled === draft, settle };
}
