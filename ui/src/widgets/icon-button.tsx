import { Icon, type IconName } from './icon.tsx';

/** A small button that is an icon alone; its words are its name and its tooltip. */
export function IconButton(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      className="button is-quiet is-small is-icon"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}
