import { useEffect, useRef, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { useOpenFiles } from './use-open-files.ts';
import './drop-target.css';

/** Any page takes dropped files. The browser would otherwise leave Clew and show it as text. */
export function DropTarget() {
  const [isOver, setOver] = useState(false);
  const open = useOpenFiles();
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    // Entering a child comes before leaving its parent: only when all are left is the file gone.
    let depth = 0;
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth++;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const over = (event: DragEvent): void => {
      if (!carriesFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    };
    const drop = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      latest.current([...(event.dataTransfer?.files ?? [])]);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: over, drop } as const;
    for (const [name, listener] of Object.entries(listeners))
      document.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) {
        document.removeEventListener(name, listener as EventListener);
      }
    };
  }, []);
  if (!isOver) return null;
  return (
    <div className="drop-target" role="status">
      <p>
        <Icon name="upload" />
        {text.import.dropHere}
        <small>{text.import.dropHint}</small>
      </p>
    </div>
  );
}
