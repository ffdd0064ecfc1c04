// On a page whose purpose is to be printed.

import { startPrintButtons } from "./print.js";

startPrintButtons(document);
