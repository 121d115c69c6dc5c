import { workspaceStoreContract } from '@guildhall/workspaces/contract';
import { openSharedStore } from '../support/shared-store.ts';

workspaceStoreContract('PostgreSQL', openSharedStore);
