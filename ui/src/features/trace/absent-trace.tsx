import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { text } from '../../text/catalogue.ts';

const LOOK_EVERY_SECONDS = 2;
const LOOK_FOR_SECONDS = 60;

/** A trace that is not stored: why that may be, and a minute of looking again. */
export function AbsentTrace({ traceId, onLook }: { readonly traceId: string; readonly onLook: () => void }) {
  const [left, setLeft] = useState(LOOK_FOR_SECONDS);
  const look = useRef(onLook);
  look.current = onLook;
  const looking = left > 0;
  useEffect(() => {
    if (!looking) return;
    const timer = setInterval(() => {
      if (document.hidden) return;
      look.current();
      setLeft((seconds) => Math.max(0, seconds - LOOK_EVERY_SECONDS));
    }, LOOK_EVERY_SECONDS * 1000);
    return () => clearInterval(timer);
  }, [looking]);
  return (
    <div className="notice">
      <h1>{text.trace.absent.title}</h1>
      <p>
        {text.trace.absent.why} <code>{traceId}</code>
      </p>
      <ul className="notice-list">
        {text.trace.absent.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <p className="notice-muted">{looking ? text.trace.absent.looking(left) : text.trace.absent.gaveUp}</p>
      <div className="notice-actions">
        {!looking && (
          <button type="button" className="button is-primary" onClick={() => setLeft(LOOK_FOR_SECONDS)}>
            {text.trace.absent.again}
          </button>
        )}
        <Link to="/explore" className="button">
          {text.shell.toExplore}
        </Link>
      </div>
    </div>
  );
}
