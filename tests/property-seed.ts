import * as fc from 'fast-check';

/**
 * A set-up file of vitest: property tests draw the same values in every run, so that a run is red for its change and for nothing
 * else. `make test REPEAT=n` draws others each time, by PROPERTY_SEED.
 */
fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? '1') });
