import { Icon, type IconName } from './icon.tsx';

/**
 * A button that is an icon alone; its words are its name and its tooltip. Small and without a frame, unless it stands
 * among buttons that are neither.
 */
export function IconButton(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly disabled?: boolean;
  readonly isLarge?: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      className={props.isLarge ? 'button is-icon' : 'button is-quiet is-small is-icon'}
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}
