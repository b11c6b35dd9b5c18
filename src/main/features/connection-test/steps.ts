/** What a step of the connection test found, and how it fails with what it found so far. */
import { AppFailure, type AppError } from '#shared/util/app-error';
import type { TestStep } from '#shared/contract/connection-test';

export interface Found {
  readonly words: string;
  readonly state?: TestStep['state'];
  readonly details?: readonly string[];
  readonly hint?: string;
}

export class StepFailure extends AppFailure {
  constructor(
    error: AppError,
    readonly details: readonly string[],
  ) {
    super(error);
  }
}
