import type { ButtonHTMLAttributes } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface ButtonParts extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'main' | 'plain' | 'quiet' | 'danger';
  readonly icon?: IconName;
  /** Under way: the button waits, and says so to a screen reader. */
  readonly isBusy?: boolean;
}

export const Button = ({
  look = 'plain',
  icon,
  isBusy = false,
  disabled = false,
  type = 'button',
  children,
  ...rest
}: ButtonParts) => (
  <button {...rest} type={type} className={`button ${look}`} disabled={disabled || isBusy} aria-busy={isBusy || undefined}>
    {icon === undefined ? null : <Icon name={icon} />}
    {children}
  </button>
);
