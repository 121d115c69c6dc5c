import { useEffect, type ReactNode } from 'react';

interface PageParts {
  readonly title: string;
  /** Stands above the title: where this page lies. */
  readonly trail?: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly width?: 'narrow' | 'normal' | 'full';
}

/** A page with its heading, which is also the title of the tab. */
export const Page = ({ title, trail, lead, actions, children, width = 'normal' }: PageParts) => {
  useEffect(() => {
    document.title = `${title} · Guildhall`;
  }, [title]);
  return (
    <div className={`page ${width}`}>
      <header className="page-head">
        <div>
          {trail === undefined ? null : <p className="trail">{trail}</p>}
          <h1>{title}</h1>
          {lead === undefined ? null : <p className="lead">{lead}</p>}
        </div>
        {actions === undefined ? null : <div className="actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
};
