export { missingPermission, notFound, requireAllowed, requireFound, requirePermission, requireRole } from './access.ts';
export { anonymousActor, byToken, userActor, type RequestOrigin } from './actor.ts';
export {
  auditDraftsOf,
  auditEvent,
  auditMessage,
  auditPayload,
  type AuditDraft,
  type AuditEventHead,
  type AuditSource,
} from './audit-event.ts';
export { canonicalDepthMax, canonicalJson } from './canonical-json.ts';
export { changesOf } from './changes.ts';
export { contended, retryCompareAndSwap } from './compare-and-swap.ts';
export { createOnce, fingerprintOf, type EarlierAnswer, type RememberedAnswer, type WithEarlier } from './create-once.ts';
export { instantOf } from './instant.ts';
export { decodeCursor, encodeCursor, invalidCursor, timeInCursor, uuidInCursor } from './cursor.ts';
export { eventTextOf, type EventContent } from './event-text.ts';
export { ipAddressOf, isInNetworks, networkOf, parseIpNetwork, type IpNetwork } from './ip-address.ts';
export { isLocalCaller, isLoopbackHost, type Peer } from './local-caller.ts';
export { omitUndefined } from './omit-undefined.ts';
export {
  cursorOf,
  pageRequest,
  readPosition,
  readVersionCursor,
  sortedRequest,
  toPage,
  toSortedPage,
  type Page,
  type PageQuery,
  type PageRequest,
  type Position,
  type SortedQuery,
  type SortedRequest,
} from './pages.ts';
export { holdsPlaceholder, refusePlaceholder, refusePlaceholderIn } from './placeholder.ts';
export {
  createContext,
  type Caller,
  type ContextParts,
  type RecordDenial,
  type RequestContext,
  type RequestOf,
  type Sha256,
  type SignedInCaller,
} from './request-context.ts';
export { createSlots, type SlotHolder, type SlotLimits, type Slots } from './slots.ts';
export {
  deleteResource,
  findResource,
  restoreResource,
  updateResource,
  type FoundResource,
  type ResourceChange,
  type ResourceRules,
  type ResourceVerb,
} from './resource-rules.ts';
export { isStorable } from './storable-text.ts';
export { firstVersion, nextVersion, requireVersion, versionMismatch, type VersionCondition, type Versioned } from './versions.ts';
