import { useId, type ComponentPropsWithRef, type ReactNode } from 'react';
import styles from './text-field.module.css';

export interface TextFieldProps extends ComponentPropsWithRef<'input'> {
  /** Shown above; with `hideLabel` only read out. */
  readonly label: string;
  readonly hideLabel?: boolean;
  /** Why the content cannot be used. */
  readonly error?: string | undefined;
  readonly mono?: boolean;
}

export function TextField({
  label,
  hideLabel,
  error,
  mono,
  className,
  id,
  ...rest
}: TextFieldProps): ReactNode {
  const own = useId();
  const inputId = id ?? own;
  return (
    <div className={`${styles.field} ${className ?? ''}`}>
      <label className={hideLabel ? 'srOnly' : styles.label} htmlFor={inputId}>
        {label}
      </label>
      <input
        id={inputId}
        type="text"
        autoComplete="off"
        spellCheck={false}
        className={`${styles.input} ${mono ? 'mono' : ''}`}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : `${inputId}-error`}
        {...rest}
      />
      {error !== undefined && (
        <p className={styles.error} id={`${inputId}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
