// On pages with a table that can be narrowed.

import { startFilters } from "./table_filter.js";

startFilters(document);
