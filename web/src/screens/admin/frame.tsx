import type { GlobalPermission } from '@guildhall/contracts';
import type { ComponentType, ReactNode } from 'react';
import { useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { TabBar } from '../../ui/tab-bar.tsx';
import { adminPartsFor } from './parts.ts';
import { adminTexts } from './texts.ts';

/** The person who looks, with what they may do outside communities. */
export interface Administrator {
  readonly ownId: string;
  readonly permissions: readonly string[];
  readonly may: (permission: GlobalPermission) => boolean;
}

const Tabs = ({ permissions }: Pick<Administrator, 'permissions'>) => {
  const t = useTexts(adminTexts);
  return (
    <TabBar label={t.parts} tabs={adminPartsFor(permissions).map(([to, name]) => ({ to, label: t[name], coversBelow: true }))} />
  );
};

interface AdminScreenParts {
  readonly title: string;
  readonly lead?: string;
  readonly trail?: ReactNode;
  readonly width?: 'normal' | 'full';
  /** Stands at the head of the page: what the person can do. */
  readonly Head?: ComponentType<{ readonly admin: Administrator }>;
  readonly children: (admin: Administrator) => ReactNode;
}

/** A screen of the administration, below the tabs of what the person may see of it. */
export const AdminScreen = ({ title, lead, trail, width, Head, children }: AdminScreenParts) => {
  const t = useTexts(adminTexts);
  const me = useRead('getMe', {});
  return (
    <Shown read={me}>
      {({ id, permissions }) => {
        const admin: Administrator = { ownId: id, permissions, may: (permission) => permissions.includes(permission) };
        return (
          <Page
            title={title}
            lead={lead}
            trail={trail ?? t.admin}
            {...(width === undefined ? {} : { width })}
            actions={Head === undefined ? undefined : <Head admin={admin} />}
          >
            <Tabs permissions={permissions} />
            {children(admin)}
          </Page>
        );
      }}
    </Shown>
  );
};
