import { SortableTable } from "./vendor/moj-frontend.min.js";

for (const table of document.querySelectorAll('[data-module="moj-sortable-table"]')) {
  new SortableTable(table);
}
