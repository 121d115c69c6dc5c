export { boundSession, endSessions } from './holder-sessions.ts';
export { detectEngine, engineOf, type Engine, type EngineName } from './engine.ts';
export { isUnavailableState, retryableStates, unknownOutcomeState } from './sql-states.ts';
export { pinnedSettings, serviceSettings } from './service-settings.ts';
