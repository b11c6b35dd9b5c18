/**
 * A contract slice: the calls and streams of one feature, with zod schemas for what
 * goes in (checked where it arrives) and plain types for what comes out.
 * Names on the wire are `slice.member`; nothing else in the program names a channel.
 */
import { z } from 'zod';

// zod would build parsers with `new Function`, which the page's CSP forbids and reports.
z.config({ jitless: true });

export interface CallDef<I extends z.ZodType, O> {
  readonly type: 'call';
  readonly input: I;
  /** Type only; never present at run time. */
  readonly output?: O;
}

export interface StreamDef<I extends z.ZodType, U extends z.ZodType, T> {
  readonly type: 'stream';
  readonly input: I;
  readonly update: U;
  readonly item?: T;
}

export type AnyCall = CallDef<z.ZodType, unknown>;
export type AnyStream = StreamDef<z.ZodType, z.ZodType, unknown>;
export type Members = Readonly<Record<string, AnyCall | AnyStream>>;

export interface Slice<M extends Members> {
  readonly name: string;
  readonly members: M;
}

export type InputOf<D> = D extends { input: infer I extends z.ZodType } ? z.input<I> : never;
export type ParsedOf<D> = D extends { input: infer I extends z.ZodType } ? z.output<I> : never;
export type OutputOf<D> = D extends CallDef<z.ZodType, infer O> ? O : never;
export type ItemOf<D> = D extends StreamDef<z.ZodType, z.ZodType, infer T> ? T : never;
export type UpdateOf<D> = D extends StreamDef<z.ZodType, infer U, unknown> ? z.input<U> : never;
export type ParsedUpdateOf<D> = D extends StreamDef<z.ZodType, infer U, unknown> ? z.output<U> : never;

/** `output` fixes the type of the answer: `call(schema).returns<Answer>()`. */
export function call<I extends z.ZodType>(input: I): { returns<O>(): CallDef<I, O> } {
  return { returns: () => ({ type: 'call', input }) };
}

/** `update` is what the reader may send while the stream is open, e.g. a new window. */
export function stream<I extends z.ZodType, U extends z.ZodType>(
  input: I,
  update: U,
): { of<T>(): StreamDef<I, U, T> } {
  return { of: () => ({ type: 'stream', input, update }) };
}

export function slice<M extends Members>(name: string, members: M): Slice<M> {
  return { name, members };
}
