import { serviceNames, type ServiceName } from '@guildhall/contracts';
import type { Availability } from '../availability/availability.ts';
import type { Configuration, InstallationLog, InstallationServices } from './parts.ts';

/** What a service has to be told, by what it said last: nothing while it agrees, does not answer, or its environment rules. */
export const owedTo = (held: string | null, look: Availability): 'connect' | 'disconnect' | null => {
  if (look.status === 'unreachable' || look.source === undefined || look.source === 'environment') return null;
  const theirs = look.configurationId ?? null;
  if (theirs === held) return null;
  return held === null ? 'disconnect' : 'connect';
};

export interface TellingParts {
  readonly services: InstallationServices;
  readonly nudge: (service: ServiceName) => void;
  readonly log: InstallationLog;
}

/** Tells services of a configuration, or with null that there is none. What one does not take is told it again later. */
export const createTelling = ({ services, nudge, log }: TellingParts) => {
  /** What was last written to the log of each service: one line however often it is told the same. */
  const written = new Map<ServiceName, string>();
  const write = (service: ServiceName, line: string, tell: () => void): void => {
    if (written.get(service) !== line) tell();
    written.set(service, line);
  };
  return {
    async tell(service: ServiceName, configuration: Configuration | null): Promise<void> {
      const to = configuration?.configurationId ?? null;
      const words = to === null ? 'told to use no shared database' : 'told where the shared database is';
      try {
        await (configuration === null ? services.disconnect(service) : services.connect(service, configuration));
        write(service, `${to} told`, () => log.info({ of: service, configurationId: to }, words));
      } catch (error) {
        write(service, `${to} failed`, () => log.warn({ err: error, of: service }, `not yet ${words}; trying on`));
      }
      nudge(service);
    },
    /** It agrees again: what comes next is news. */
    agrees: (service: ServiceName): void => void written.delete(service),
  };
};

export type Telling = ReturnType<typeof createTelling>;

export const tellAll = async (telling: Telling, configuration: Configuration | null): Promise<void> => {
  await Promise.all(serviceNames.map((service) => telling.tell(service, configuration)));
};
