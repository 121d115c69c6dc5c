/** The services behind the gateway, and the schema that each owns in the shared database. */
export const serviceSchemas = { auth: 'auth', 'team-resources': 'team', audit: 'audit' } as const;
export type ServiceName = keyof typeof serviceSchemas;
export const serviceNames = Object.keys(serviceSchemas) as ServiceName[];
/** Anyone who signs internal tokens. */
export type CallerName = ServiceName | 'gateway';
