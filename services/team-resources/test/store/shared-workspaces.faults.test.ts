import { largeWorkspaceStoreContract } from '@guildhall/workspaces/contract';
import { openSharedStore } from '../support/shared-store.ts';

largeWorkspaceStoreContract('PostgreSQL', openSharedStore);
