/** What layouts take and give; layered-layout.ts makes them, load-layout.ts without a pause in the page. */
export interface LayoutNode {
  readonly id: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
  /** At least 0; heavier edges are kept shorter and straighter. 0 to 10 or so. */
  readonly weight: number;
}

export interface LayoutGraph {
  readonly nodes: readonly LayoutNode[];
  /** Edges of unknown nodes are left out; of several between two nodes in one direction the first counts. */
  readonly edges: readonly LayoutEdge[];
}

export interface LayoutOptions {
  /** Where edges lead. Default: right, or what fits the area best. */
  readonly direction?: 'right' | 'down';
  /** Where the graph is to be seen at once: the direction and distances are chosen so that it is as large as can be. */
  readonly area?: { readonly width: number; readonly height: number };
  /**
   * Few ranks: what a root reaches in so many steps, in place of the longest way to it. Calls may then lead back and
   * aside; for graphs that go in circles, whose longest ways say little.
   */
  readonly isShallow?: boolean;
  /** Between two ranks; default 72. Pixels. */
  readonly rankGap?: number;
  /** Between two nodes of a rank; default 16. Pixels. */
  readonly nodeGap?: number;
  /** Width by height that parts without connection are put together to; default 1.6. */
  readonly aspect?: number;
}

export interface PlacedNode extends LayoutNode {
  /** Of the left upper corner. */
  readonly x: number;
  readonly y: number;
  /** Columns (direction right) or rows (down) from 0; among nodes without connection not told. */
  readonly rank: number;
}

export interface RoutedEdge {
  readonly from: string;
  readonly to: string;
  /** SVG path from the border of `from` to that of `to`. */
  readonly path: string;
  /** The middle of the path. */
  readonly labelX: number;
  readonly labelY: number;
  /** It leads against the direction: it closes a cycle, or is a node's edge to itself. */
  readonly isBack: boolean;
}

export interface GraphLayout {
  /** Where edges lead that close no cycle. */
  readonly direction: 'right' | 'down';
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly RoutedEdge[];
  readonly width: number;
  readonly height: number;
}

export const DEFAULT_RANK_GAP = 72;
export const DEFAULT_NODE_GAP = 16;
