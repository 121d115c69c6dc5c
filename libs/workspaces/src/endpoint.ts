import type { RouteContract } from '@guildhall/contracts';
import { serveContract, type Call, type Handler, type ServeOptions } from '@guildhall/http';
import type { Caller } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';

/** One operation with its contract. The process that serves it adds the access rule and the caller. */
export interface Endpoint {
  readonly contract: RouteContract;
  register(app: FastifyInstance, options: ServeOptions<Caller>): void;
}

export const endpoint = <C extends RouteContract>(contract: C, handler: Handler<C, Caller>): Endpoint => ({
  contract,
  register: (app, options) => serveContract(app, contract, options, handler),
});

export type WorkspaceCall<C extends RouteContract> = Call<C, Caller>;
