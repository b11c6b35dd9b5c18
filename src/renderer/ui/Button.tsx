import type { ComponentPropsWithRef, ReactNode } from 'react';
import styles from './button.module.css';

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** `primary`: the one thing to do here. `danger`: changes the cluster for the worse if wrong. */
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
}

export function Button({ look = 'plain', className, type = 'button', ...rest }: ButtonProps): ReactNode {
  return <button type={type} className={`${styles.button} ${styles[look]} ${className ?? ''}`} {...rest} />;
}

export interface IconButtonProps extends ComponentPropsWithRef<'button'> {
  /** Accessible name, also the tooltip. */
  readonly label: string;
  /** Key of the same command, shown in the tooltip. */
  readonly pressed?: boolean;
}

/** A 16 px icon one can press; always named. */
export function IconButton({ label, pressed, className, children, ...rest }: IconButtonProps): ReactNode {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      data-tip={label}
      className={`${styles.icon} ${className ?? ''}`}
      {...rest}
    >
      {children}
    </button>
  );
}
