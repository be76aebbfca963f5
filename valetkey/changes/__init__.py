"""What is to be done when something changes: plans as data, checklists made of the record, each step with its proof."""
