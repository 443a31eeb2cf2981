import { useEffect, useRef, useState } from 'react';
import { text } from '../text/catalogue.ts';
import { copyText } from './copy-text.ts';
import { Icon } from './icon.tsx';

const SHOWN_MS = 1500;

/** Copies a text and says so, to eyes and to screen readers. */
export function CopyButton(props: {
  readonly value: string | (() => string);
  readonly label: string;
  readonly caption?: string;
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    const done = await copyText(typeof props.value === 'string' ? props.value : props.value());
    setState(done ? 'copied' : 'failed');
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setState('idle'), SHOWN_MS);
  };
  const said = state === 'copied' ? text.shell.copied : state === 'failed' ? text.shell.copyFailed : '';
  return (
    <button
      type="button"
      className={`button is-quiet is-small${props.caption === undefined ? ' is-icon' : ''}`}
      aria-label={props.label}
      title={props.label}
      onClick={() => void copy()}
    >
      <Icon name={state === 'copied' ? 'check' : state === 'failed' ? 'close' : 'copy'} />
      {props.caption}
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </button>
  );
}
