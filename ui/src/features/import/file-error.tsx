import { text } from '../../text/catalogue.ts';
import type { DeskError } from '../../tracefile/desk-messages.ts';
import { Icon } from '../../widgets/icon.tsx';

/** Why a file cannot be read, and where. */
export function FileError({ name, error }: { readonly name: string; readonly error: DeskError }) {
  return (
    <div className="problem" role="alert">
      <Icon name="error" />
      <div className="problem-text">
        <strong>{name === '' ? text.import.page : text.import.failed(name)}</strong>
        <p lang="en">{error.message}</p>
        {error.place !== '' && (
          <p>
            {text.import.place}: <code>{error.place}</code>
          </p>
        )}
        <code className="problem-code">{error.code}</code>
      </div>
    </div>
  );
}
