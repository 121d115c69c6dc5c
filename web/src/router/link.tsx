import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from 'react';
import { navigate, usePlace } from './router.ts';

interface LinkParts extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  readonly to: string;
  readonly children: ReactNode;
  /** Marks the link as the current page also below its address. */
  readonly coversBelow?: boolean;
}

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** A link within the console. A click with a modifier opens it as any link. */
export const Link = ({ to, children, coversBelow = false, onClick, ...rest }: LinkParts) => {
  const { path } = usePlace();
  const isCurrent = path === to.split('?')[0] || (coversBelow && path.startsWith(`${to}/`));
  return (
    <a
      {...rest}
      href={to}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || !isPlainClick(event)) return;
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </a>
  );
};
