/**
 * What a feature gives the app: pages for tabs and dock, navigation entries, commands.
 * The frame knows features only through this.
 */
import type { ComponentType } from 'react';
import type { NavSection } from '#shared/kinds/define';
import type { ObjectRef } from '#shared/contract/resources';
import type { RpcClient } from '#shared/rpc/client';
import type { DrawerTarget, TabSpec } from './workbench';

export interface PageProps {
  readonly tab: TabSpec;
  /** False while another tab covers it: streams say `hidden`, nothing renders. */
  readonly visible: boolean;
}

export interface PageDef {
  readonly id: string;
  readonly component: ComponentType<PageProps>;
}

export interface AppPageDef {
  readonly id: string;
  readonly title: string;
  readonly component: ComponentType;
}

export interface NavEntry {
  readonly id: string;
  readonly title: string;
  /** `top` stands above the sections (Overview, Problems, Topology). */
  readonly section: 'top' | NavSection;
  readonly order: number;
  readonly tab: TabSpec;
}

/** What a command may look at when it decides whether it applies, and when it runs. */
export interface CommandContext {
  readonly clusterId: string | null;
  readonly app: RpcClient | undefined;
  readonly cluster: RpcClient | undefined;
  /** Rows selected (or under the cursor) in the focused table, as objects. */
  readonly selection: readonly SelectedObject[];
  /** The tab that has the keyboard. */
  readonly tab: TabSpec | null;
}

export interface SelectedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** One entry of the command list that feeds menu, palette, keys and the `?` overlay. */
export interface Command {
  readonly id: string;
  /** Starts with a verb: `Delete`, `Switch theme`. */
  readonly title: string;
  readonly group: 'Go to' | 'Object' | 'Table' | 'View' | 'Cluster' | 'App';
  /** `mod+k`, `shift+/`, `g p` (a sequence), `x`. Single keys do not fire in text fields. */
  readonly keys?: readonly string[];
  /** Undefined: applies. A text: shown disabled with that reason. `hidden`: not shown. */
  readonly disabled?: (context: CommandContext) => string | 'hidden' | undefined;
  readonly run: (context: CommandContext) => void | Promise<void>;
  /** Not in the palette (pure key movements). */
  readonly quiet?: boolean;
}

/** The detail drawer's content; the frame owns its place, width and head buttons' Esc. */
export interface DrawerProps {
  readonly target: DrawerTarget;
  readonly onClose: () => void;
}

/** A tab of the detail drawer that a feature adds for some kinds. */
export interface DrawerTabDef {
  readonly id: string;
  readonly title: string;
  readonly applies: (kindId: string) => boolean;
  readonly component: ComponentType<DrawerTabProps>;
}

export interface DrawerTabProps {
  readonly reference: ObjectRef;
  /** The newest version, as the server sent it. */
  readonly object: Readonly<Record<string, unknown>>;
}

/** A section at the end of the cluster's overview. */
export interface OverviewSectionDef {
  readonly id: string;
  readonly component: ComponentType<{ readonly visible: boolean }>;
}

export interface Feature {
  readonly id: string;
  /** Pages for tabs, shown inside a cluster. */
  readonly pages: readonly PageDef[];
  /** Pages of the whole app (settings, list of clusters); opened with `showAppPage`. */
  readonly appPages?: readonly AppPageDef[];
  readonly docks?: readonly PageDef[];
  readonly drawerTabs?: readonly DrawerTabDef[];
  readonly overviewSections?: readonly OverviewSectionDef[];
  /** At most one feature has it. */
  readonly drawer?: ComponentType<DrawerProps>;
  /** Dialogs and strips over the whole window; they draw nothing until asked. */
  readonly overlays?: readonly ComponentType[];
  readonly nav?: readonly NavEntry[];
  readonly commands?: readonly Command[];
}
