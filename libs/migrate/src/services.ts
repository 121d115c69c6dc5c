import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { serviceSchemas } from '@guildhall/contracts/service-names';
import { UsageError } from './usage-error.ts';

/** A service with its migrations. Those of the gateway are for SQLite. */
export type MigratedService =
  | {
      readonly engine: 'postgres';
      readonly name: string;
      readonly schema: string;
      readonly folder: string;
      readonly fixturesFolder: string;
      readonly schemaFile: string;
    }
  | {
      readonly engine: 'sqlite';
      readonly name: string;
      readonly folder: string;
      readonly fixturesFolder: string;
      readonly schemaFile: string;
    };

const servicesFolder = path.resolve(import.meta.dirname, '../../../services');

const placesOf = (name: string) => ({
  folder: path.join(servicesFolder, name, 'migrations'),
  fixturesFolder: path.join(servicesFolder, name, 'migration-fixtures'),
  schemaFile: path.join(servicesFolder, name, 'schema.sql'),
});

export const allServices: readonly MigratedService[] = [
  ...Object.entries(serviceSchemas).map(([name, schema]): MigratedService => ({
    engine: 'postgres',
    name,
    schema,
    ...placesOf(name),
  })),
  { engine: 'sqlite', name: 'gateway', ...placesOf('gateway') },
];

/** The named service, or all services. Throws an Error that lists the names. */
export const chooseServices = (name: string | undefined): readonly MigratedService[] => {
  if (name === undefined) return allServices;
  const found = allServices.filter((service) => service.name === name);
  if (found.length === 0)
    throw new UsageError(`There is no service ${name}: it is one of ${allServices.map((service) => service.name).join(', ')}.`);
  return found;
};

/** The named service. Throws an Error if none is named. */
export const chooseOne = (name: string | undefined, command: string): MigratedService => {
  const [service, ...others] = chooseServices(name);
  if (service === undefined || others.length > 0) throw new UsageError(`${command} wants --service.`);
  return service;
};

export const hasMigrations = ({ folder }: MigratedService): boolean => existsSync(folder) && readdirSync(folder).length > 0;
