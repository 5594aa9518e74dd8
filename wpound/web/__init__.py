"""Flask and WTForms: pages for officers, suppliers, anchors and the public."""
