/** The prebuilt package's types are those of another module name; these are the parts we use. */
declare module 'node-pty' {
  export interface IPty {
    readonly pid: number;
    onData(listener: (data: string | Uint8Array) => void): { dispose(): void };
    onExit(listener: (event: { exitCode: number; signal?: number }) => void): { dispose(): void };
    resize(columns: number, rows: number): void;
    write(data: string | Uint8Array): void;
    kill(signal?: string): void;
    pause(): void;
    resume(): void;
  }
  export interface SpawnOptions {
    readonly name: string;
    readonly cols: number;
    readonly rows: number;
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    /** null: bytes. */
    readonly encoding: null;
  }
  export function spawn(file: string, args: string[], options: SpawnOptions): IPty;
}
