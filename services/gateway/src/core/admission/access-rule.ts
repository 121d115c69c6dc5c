import type { PublicAccessRule } from '@guildhall/contracts';

export const anyone = { kind: 'public' } as const satisfies PublicAccessRule;
export const localMetrics = { kind: 'metrics' } as const satisfies PublicAccessRule;
export const soloOnly = { kind: 'solo' } as const satisfies PublicAccessRule;
export const signedIn = { kind: 'authenticated' } as const satisfies PublicAccessRule;
export const soloOrSignedIn = { kind: 'solo-or-authenticated' } as const satisfies PublicAccessRule;
export const soloAndSignedIn = { kind: 'solo-and-authenticated' } as const satisfies PublicAccessRule;
export const installer = { kind: 'installer', permission: 'installation:manage' } as const satisfies PublicAccessRule;
