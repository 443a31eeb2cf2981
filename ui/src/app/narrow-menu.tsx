import { Link } from '@tanstack/react-router';
import { text } from '../text/catalogue.ts';
import { Icon } from '../widgets/icon.tsx';
import { PopoverButton } from '../widgets/popover-button.tsx';
import { DESTINATIONS } from './destinations.ts';
import { ThemeButton } from './theme-button.tsx';

/** Pages and switches behind one button where the window is too narrow for them. */
export function NarrowMenu({ onSheet }: { readonly onSheet: () => void }) {
  return (
    <nav aria-label={text.shell.navigation} className="shell-menu">
      <PopoverButton
        className="button is-quiet is-icon"
        panelClass="menu-panel"
        label={text.shell.menu}
        caption={<Icon name="menu" />}
      >
        {(close) => (
          <>
            <ul>
              {[
                ...DESTINATIONS,
                { to: '/import', label: text.import.page } as const,
                { to: '/settings', label: text.shell.settings } as const,
              ].map(({ to, label }) => (
                <li key={to}>
                  <Link to={to} className="menu-link" onClick={close}>
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
            <div className="menu-foot">
              <ThemeButton />
              <button
                type="button"
                className="button is-quiet"
                onClick={() => {
                  close();
                  onSheet();
                }}
              >
                <Icon name="keyboard" />
                {text.shell.shortcuts}
              </button>
            </div>
          </>
        )}
      </PopoverButton>
    </nav>
  );
}
