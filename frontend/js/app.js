// On every page.

import { guardForms } from "./submit_once.js";

guardForms(document);
