import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';

/** Pages get this long to name themselves and to take the focus where they want it. */
const SETTLE_MS = 150;

/**
 * After another page has come: says its title to screen readers, and moves the focus into it where it would be lost,
 * or stay on a link of the navigation, so that the next Tab is in the page.
 */
export function PageFocus() {
  const pathname = useLocation({ select: (location) => location.pathname });
  const shown = useRef(pathname);
  const [title, setTitle] = useState('');
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    const timer = setTimeout(() => {
      setTitle(document.title);
      const { activeElement } = document;
      const lost = activeElement === null || activeElement === document.body;
      if (lost || activeElement.closest('.shell-head') !== null) {
        document.getElementById('content')?.focus({ preventScroll: true });
      }
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [pathname]);
  return (
    <p className="visually-hidden" aria-live="polite">
      {title}
    </p>
  );
}
