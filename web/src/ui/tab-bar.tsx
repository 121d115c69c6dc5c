import { useEffect, useRef } from 'react';
import { Link } from '../router/link.tsx';
import { usePlace } from '../router/router.ts';

interface Tab {
  readonly to: string;
  readonly label: string;
  /** Marks the tab also below its address. */
  readonly coversBelow?: boolean;
}

interface TabBarParts {
  readonly label: string;
  readonly tabs: readonly Tab[];
}

/** The ways to the parts of something. Where they do not fit, the one that is shown is in sight. */
export const TabBar = ({ label, tabs }: TabBarParts) => {
  const bar = useRef<HTMLElement>(null);
  const { path } = usePlace();
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path, tabs.length]);
  return (
    <nav ref={bar} className="tabs" aria-label={label}>
      {tabs.map(({ to, label: name, coversBelow = false }) => (
        <Link key={to} to={to} coversBelow={coversBelow}>
          {name}
        </Link>
      ))}
    </nav>
  );
};
