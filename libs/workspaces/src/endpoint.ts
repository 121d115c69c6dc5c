import type { RouteContract } from '@guildhall/contracts';
import { serveContract, type Answer, type Call, type Handler, type ServeOptions } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { Caller } from './audit.ts';

/** One operation, ready to be served by whoever knows who is calling and who may. */
export interface Endpoint {
  readonly contract: RouteContract;
  register(app: FastifyInstance, options: ServeOptions<Caller>): void;
}

export const endpoint = <C extends RouteContract>(contract: C, handler: Handler<C, Caller>, bodyBytesMax?: number): Endpoint => ({
  contract,
  register: (app, options) =>
    serveContract(app, contract, bodyBytesMax === undefined ? options : { ...options, bodyBytesMax }, handler),
});

export type WorkspaceCall<C extends RouteContract> = Call<C, Caller>;

/** A versioned row as an answer. */
export const versioned = (body: { readonly version: number }): Answer => ({ body, version: body.version });
