/** The release of this product, by semantic versioning (semver 2.0.0): the newest section of CHANGELOG.md and every package.json have the same. */
export const release = '0.1.0';
