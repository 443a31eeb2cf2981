import { type RefObject, useEffect, useRef } from 'react';

export interface Modal {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  /** Closes it now, and says so. */
  readonly close: () => void;
  /** Of the dialog's element. */
  readonly events: { readonly onCancel: () => void; readonly onClose: () => void };
}

/** A dialog that is modal while `open`. */
export function useModal(open: boolean, onClose: () => void): Modal {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const close = (): void => {
    dialog.current?.close();
    onClose();
  };
  return {
    dialog,
    close,
    events: {
      onCancel: close,
      // The dialog's own close event comes a task later: what was asked for in between must not be closed by it.
      onClose: () => {
        if (dialog.current?.open !== true) onClose();
      },
    },
  };
}
