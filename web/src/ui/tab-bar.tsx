import { Link } from '../router/link.tsx';

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

/** A bar is drawn anew with each page. */
const showCurrent = (bar: HTMLElement | null): void =>
  bar?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

/** The ways to the parts of something. Where they do not fit, the one that is shown is in sight. */
export const TabBar = ({ label, tabs }: TabBarParts) => (
  <nav ref={showCurrent} className="tabs" aria-label={label}>
    {tabs.map(({ to, label: name, coversBelow = false }) => (
      <Link key={to} to={to} coversBelow={coversBelow}>
        {name}
      </Link>
    ))}
  </nav>
);
