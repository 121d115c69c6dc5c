import type { ServiceName, ServiceReport } from '@guildhall/contracts';
import type { Logger, Metrics } from '@guildhall/http';
import { createLaneClient, type LaneClient, type LaneUsage } from '@guildhall/lane';
import { serviceHeader, type InternalSigner } from '@guildhall/principal';
import { Counter, Gauge } from 'prom-client';
import { forwardLimits } from '../clients/proxy/forwarder.ts';

/** The time that a connection to a service may take to open. */
export const connectTimeoutMs = 1_000;

/** The lanes to the services. Each connection is opened with this process's own credential. */
export const lanesTo = (
  services: Readonly<Record<ServiceName, string>>,
  signer: InternalSigner,
  log: Logger,
): Record<ServiceName, LaneClient> => {
  const laneTo = (service: ServiceName): LaneClient =>
    createLaneClient({
      baseUrl: services[service],
      credentials: async () => ({ [serviceHeader]: await signer.signService(service) }),
      connectTimeoutMs,
      callTimeoutMs: forwardLimits.headersTimeoutMs,
      onUnavailable: (error) =>
        log.info({ of: service, reason: String(error) }, 'the lane cannot be opened: requests go by HTTP'),
    });
  return { auth: laneTo('auth'), 'team-resources': laneTo('team-resources'), audit: laneTo('audit') };
};

export type Lanes = Readonly<Partial<Record<ServiceName, LaneClient>>>;

/** The state of the lane to a service; null without lanes. */
export const laneStateIn =
  (lanes: Lanes) =>
  (service: ServiceName): ServiceReport['lane'] => {
    const usage = lanes[service]?.usage();
    if (usage === undefined) return null;
    const { connections, callsInFlight, calls } = usage;
    return { connections, callsInFlight, calls };
  };

type Measured = readonly [name: string, help: string, of: (usage: LaneUsage) => number];
const gauges: readonly Measured[] = [
  ['guildhall_lane_connections', 'Open connections of the lane to a service.', ({ connections }) => connections],
  [
    'guildhall_lane_calls_in_flight',
    'Calls on the lane to a service that wait for an answer.',
    ({ callsInFlight }) => callsInFlight,
  ],
];
const counters: readonly Measured[] = [
  ['guildhall_lane_calls_total', 'Calls that were sent by the lane to a service.', ({ calls }) => calls],
  ['guildhall_lane_messages_total', 'Messages that carried calls on the lane to a service.', ({ messages }) => messages],
];

/** Metrics of the lanes at /metrics, read when they are scraped. Returns a function that counts a request that went by HTTP instead. */
export const measureLanes = ({ registry }: Metrics, lanes: Lanes): ((service: ServiceName) => void) => {
  const common = { labelNames: ['of'] as const, registers: [registry] };
  const usages = () => Object.entries(lanes).map(([of, lane]) => [{ of }, lane.usage()] as const);
  for (const [name, help, valueOf] of gauges) {
    const collect = (): void => usages().forEach(([labels, usage]) => gauge.set(labels, valueOf(usage)));
    const gauge: Gauge<'of'> = new Gauge({ ...common, name, help, collect });
  }
  for (const [name, help, valueOf] of counters) {
    const collect = (): void => {
      counter.reset();
      for (const [labels, usage] of usages()) counter.inc(labels, valueOf(usage));
    };
    const counter: Counter<'of'> = new Counter({ ...common, name, help, collect });
  }
  const name = 'guildhall_lane_fallbacks_total';
  const help = 'Short requests that went to a service by HTTP, because its lane was not open, did not take them or broke.';
  const fallbacks = new Counter({ ...common, name, help });
  return (of) => fallbacks.inc({ of });
};
