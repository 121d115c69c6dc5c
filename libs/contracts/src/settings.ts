/** Settings that are explained together, in a row of the tables of docs/operations.md. */
export interface SettingGroup {
  readonly names: readonly [string, ...string[]];
  /** True: a secret, which may stand in a file that `<name>_FILE` names. */
  readonly hasFile?: true;
  /** The services that read it. Absent: several do. */
  readonly of?: string;
  /** Markdown, with links relative to docs/. */
  readonly meaning: string;
}

/** The settings that services share. */
export const sharedSettings: readonly SettingGroup[] = [
  {
    names: ['SERVICE_KEY'],
    hasFile: true,
    meaning:
      'the key of this process alone, with which it signs what it sends to others: 32 random bytes in base64, the seed of an Ed25519 key',
  },
  {
    names: ['SERVICE_PUBLIC_KEYS'],
    hasFile: true,
    meaning:
      'the public halves, the same text for every process: a line `name=key` for `gateway`, `auth`, `team-resources` and `audit`',
  },
  {
    names: ['DATABASE_URL'],
    hasFile: true,
    meaning: 'the shared database; without it a service reports `not_configured`, a normal state',
  },
  {
    names: ['QUEUE_URL'],
    hasFile: true,
    meaning: '`redis://…` (with `maxmemory-policy noeviction`) or `postgres://…`; without it, events stay in the outbox',
  },
  {
    names: ['PUBLIC_URL'],
    meaning: 'where clients reach the gateway; the issuer of access tokens: the same for gateway and auth',
  },
  {
    names: ['HOST', 'PORT'],
    meaning: 'where the process listens: `127.0.0.1` and a free port; 4300 for the gateway',
  },
  {
    names: ['LOG_LEVEL'],
    meaning: '`trace`, `debug`, `info` (when not set), `warn`, `error`, `fatal` or `silent`',
  },
  {
    names: ['METRICS_TOKEN'],
    hasFile: true,
    meaning: 'lets a scraper on another machine read `/metrics`, as a bearer',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
    meaning:
      'the address of an OpenTelemetry collector, `http://host:4318`, that [traces](#traces) are sent to; none are made when not set',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_HEADERS'],
    hasFile: true,
    meaning: 'headers of each request to the collector, as OpenTelemetry writes them: `name=value` with commas between them',
  },
  {
    names: ['OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG'],
    meaning:
      'which traces are made, by the names of OpenTelemetry: `parentbased_always_on` when not set; the argument is the share that a `traceidratio` takes, 0 to 1',
  },
  {
    names: ['ENCRYPTION_KEY'],
    hasFile: true,
    meaning:
      'seals what is secret at rest, another key for each of gateway, auth and audit ([what is lost with it](security.md#keys-and-what-is-lost-with-them))',
  },
  {
    names: ['INTERNAL_KEY'],
    hasFile: true,
    meaning: 'auth and team-resources: invite tokens are derived from it',
  },
  {
    names: ['AUTH_URL', 'TEAM_RESOURCES_URL', 'AUDIT_URL'],
    meaning: 'where the other services are: all three at the gateway; at a service those that confirm its events',
  },
];

/** The settings of one service or two. */
export const ownSettings: readonly SettingGroup[] = [
  {
    names: ['SECOND_FACTOR_ROLES'],
    of: 'auth',
    meaning:
      'the global roles whose holders must have a second factor, with commas between them, such as `owner,admin`; none when not set. Sessions without one end at their next refresh',
  },
  {
    names: ['OIDC_PROVIDERS'],
    hasFile: true,
    of: 'auth',
    meaning:
      'the identity providers at which users sign in (OpenID Connect or OAuth 2.0), [a JSON list](#identity-providers); none when not set',
  },
  {
    names: ['REGISTRATION'],
    of: 'auth',
    meaning:
      'who may register: `open` (when not set) anyone, `invited` addresses with an open invite, `closed` nobody. The first owner can in each, with the setup token',
  },
  {
    names: ['SMTP_URL'],
    hasFile: true,
    of: 'auth',
    meaning: 'the mail server that mails go to',
  },
  {
    names: ['MAIL_FOLDER'],
    of: 'auth',
    meaning: 'without a mail server: the folder that mails are written into, for development',
  },
  {
    names: ['SMTP_ALLOW_PLAIN_TEXT'],
    of: 'auth',
    meaning: '`true`: mails also go to a server on another machine that speaks no TLS',
  },
  {
    names: ['MAIL_FROM'],
    of: 'auth',
    meaning: 'the sender of mails',
  },
  {
    names: ['BCRYPT_COST'],
    of: 'auth',
    meaning:
      "log2 of bcrypt's rounds, 12 when not set, about a quarter of a second of a core; a warning below 10. A higher one takes effect for each account when it next signs in",
  },
  {
    names: ['SETUP_TOKEN_FILE'],
    of: 'gateway, auth',
    meaning: 'the file that holds [the setup token](#the-setup-token) while it is good',
  },
  {
    names: ['DATA_FILE'],
    of: 'gateway',
    meaning: '[the solo file](#the-solo-file)',
  },
  {
    names: ['LOCAL_TOKEN_FILE', 'SOLO_TRUST_LOOPBACK'],
    of: 'gateway',
    meaning: "who is this machine's user ([who may call](security.md#who-may-call))",
  },
  {
    names: ['TRUSTED_PROXIES'],
    of: 'gateway',
    meaning: 'whose `X-Forwarded-For` is believed; see below',
  },
  {
    names: ['CONSOLE_FOLDER'],
    of: 'gateway',
    meaning: 'the folder of the built console: `web/dist` when not set',
  },
  {
    names: ['CORS_ORIGINS'],
    of: 'gateway',
    meaning: 'the other sites whose pages may call the API from a browser: none when not set',
  },
  {
    names: ['OUTSIDE_ISSUERS'],
    hasFile: true,
    of: 'gateway',
    meaning:
      "the issuers whose access tokens are taken beside auth's own, [a JSON list](#tokens-of-outside-issuers); none when not set",
  },
  {
    names: ['REQUESTS_PER_MINUTE_MAX'],
    of: 'gateway',
    meaning: 'requests of one user, or of one address without one, to this process: 6,000 when not set',
  },
  {
    names: ['SIGN_INS_PER_MINUTE_MAX'],
    of: 'gateway',
    meaning: 'log-ins, registrations and codes of one address, at this process: 60 when not set',
  },
  {
    names: ['LANE'],
    of: 'gateway',
    meaning: '`off` sends everything to the services by HTTP, at about three times the processor time; `on` when not set',
  },
  {
    names: ['WITNESS_FOLDER', 'WITNESS_NAME', 'WITNESS_LOGS'],
    of: 'gateway',
    meaning: 'where the witness keeps what it saw, its name, and the logs of other installations that it cosigns',
  },
  {
    names: ['WITNESSES', 'LOG_ORIGIN'],
    of: 'audit',
    meaning: 'who must cosign checkpoints, and the name they are signed with',
  },
  {
    names: ['AUDIT_KEEP_DAYS_MIN'],
    of: 'audit',
    meaning: 'the fewest days that events are kept, whatever is set by HTTP: 30 when not set',
  },
  {
    names: ['AUDIT_CHECK_LEAVES_PER_SECOND', 'AUDIT_CHECK_EVERY_SECONDS'],
    of: 'audit',
    meaning: 'how fast and how often the whole log is checked',
  },
  {
    names: ['FORWARD_URL', 'FORWARD_NAME'],
    of: 'audit',
    meaning: 'where the trail is [forwarded](#forwarding-the-audit-trail) to, and the name of the position in it',
  },
  {
    names: ['FORWARD_SECRET'],
    hasFile: true,
    of: 'audit',
    meaning: 'signs what is forwarded: 32 random bytes in base64',
  },
  {
    names: ['ACTIVITY_RETENTION_DAYS'],
    of: 'team-resources',
    meaning: 'how long activities of communities are kept: 800 days when not set',
  },
];

/** The settings of the command that makes a role for each service. */
export const roleSettings: readonly SettingGroup[] = [
  {
    names: ['AUTH_DATABASE_URL', 'TEAM_RESOURCES_DATABASE_URL', 'AUDIT_DATABASE_URL'],
    hasFile: true,
    of: 'the command that makes roles',
    meaning: "each service's `DATABASE_URL`: the role that is made for it, and its password",
  },
];

const namesOf = ({ names, hasFile }: SettingGroup): readonly string[] =>
  hasFile === true ? names.flatMap((name) => [name, `${name}_FILE`]) : names;

/** The name of every setting of every process of the installation. */
export const settingNames: ReadonlySet<string> = new Set([...sharedSettings, ...ownSettings, ...roleSettings].flatMap(namesOf));
