// On the page of a lesson.

import { announceChecks } from "./check.js";

announceChecks(document);
