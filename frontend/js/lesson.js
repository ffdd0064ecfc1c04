// On the page of a lesson.

import { announceChecks } from "./check.js";
import { noteWhatIsSeen } from "./noting.js";

announceChecks(document);
noteWhatIsSeen(document.getElementById("lesson"));
