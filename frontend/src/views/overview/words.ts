/** Names of dimensions as headings. */
import type { Dimension } from "../../api/types";

const LABELS: Record<Dimension, string> = { model: "Model", effort: "Effort", project: "Project", provider: "Provider", originator: "Originator" };
const PLURALS: Record<Dimension, string> = { model: "Models", effort: "Efforts", project: "Projects", provider: "Providers", originator: "Originators" };

/** "Model". */
export const dimensionLabel = (dimension: Dimension): string => LABELS[dimension];
/** "Models". */
export const dimensionPlural = (dimension: Dimension): string => PLURALS[dimension];
