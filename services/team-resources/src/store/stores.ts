import { createIdempotency, createOutboxStore, type SharedDatabase } from '@guildhall/db';
import { createAccessOfUsers } from './access-of-users.ts';
import { createActivities } from './activities.ts';
import { createAppUsers } from './app-users.ts';
import { createBallots } from './ballots.ts';
import { createChanges } from './changes.ts';
import { createCommunities } from './communities.ts';
import { createCouncilMembers } from './council-members.ts';
import { createCouncils } from './councils.ts';
import { createErasures } from './erasures.ts';
import { createForums } from './forums.ts';
import { schema } from './fragments.ts';
import { createInbox } from './inbox.ts';
import { createInviteMails } from './invite-mails.ts';
import { createInvites } from './invites.ts';
import { createMembers } from './members.ts';
import { createDisputes } from './disputes.ts';
import { createDryRuns } from './dry-runs.ts';
import { createNeeds } from './needs.ts';
import { createPoolContributions } from './pool-contributions.ts';
import { createPools } from './pools.ts';
import { createMetricStore } from './metrics.ts';
import { createOwnInvites } from './own-invites.ts';
import { createOwnRoles } from './own-roles.ts';
import { createPermissionFacts } from './permission-facts.ts';
import { createPolls } from './polls.ts';
import { createPosts } from './posts.ts';
import { createPushedVersions } from './pushed-versions.ts';
import { createReadMarks } from './read-marks.ts';
import { createSharedWorkspaces } from './shared-workspaces.ts';
import { createWorkspaceCopies } from './copied-rows.ts';
import { createWorkspaceImports } from './workspace-imports.ts';
import { createTrustAwards } from './trust-awards.ts';
import { createTrustGrants } from './trust-grants.ts';
import { createTrustScores } from './trust-scores.ts';
import { createWealthRequests } from './wealth-requests.ts';
import { createWealthStore } from './wealth.ts';
import { createThreads } from './threads.ts';

/** The part of the shared database that the stores use. */
export type StoreDatabase = Pick<SharedDatabase, 'connection' | 'inTransaction'>;

/** Every store of this service, on one database. */
export const storesOn = (database: StoreDatabase) => {
  const { connection } = database;
  return {
    activities: createActivities(connection),
    access: createAccessOfUsers(connection),
    appUsers: createAppUsers(connection),
    erasures: createErasures(database),
    changes: createChanges(connection),
    communities: createCommunities(connection),
    ownRoles: createOwnRoles(database),
    councils: createCouncils(connection),
    councilMembers: createCouncilMembers(database),
    members: createMembers(database),
    metrics: createMetricStore(connection),
    permissionFacts: createPermissionFacts(connection),
    inbox: createInbox(connection),
    inviteMails: createInviteMails(connection),
    invites: createInvites(database),
    ownInvites: createOwnInvites(connection),
    polls: createPolls(connection),
    ballots: createBallots(connection),
    forums: createForums(connection),
    threads: createThreads(connection),
    posts: createPosts(connection),
    readMarks: createReadMarks(connection),
    workspaces: createSharedWorkspaces(database),
    workspaceImports: createWorkspaceImports(database),
    workspaceCopies: createWorkspaceCopies(connection),
    pushedVersions: createPushedVersions(database),
    trustAwards: createTrustAwards(connection),
    trustGrants: createTrustGrants(connection),
    trustScores: createTrustScores(connection),
    disputes: createDisputes(database),
    dryRuns: createDryRuns(database),
    needs: createNeeds(connection),
    pools: createPools(connection),
    poolContributions: createPoolContributions(database),
    wealth: createWealthStore(connection),
    wealthRequests: createWealthRequests(connection),
    idempotency: createIdempotency(connection, schema),
    outbox: createOutboxStore(connection, schema),
  };
};

export type Stores = ReturnType<typeof storesOn>;
