import { largeWorkspaceStoreContract } from '@guildhall/workspaces/contract';
import { openSoloStore } from '../../support/solo-store.ts';

largeWorkspaceStoreContract('SQLite', openSoloStore);
