// On pages with a table that can be narrowed.

import { startPrintButtons } from "./print.js";
import { startFilters } from "./table_filter.js";

startFilters(document);
startPrintButtons(document);
