"""What people type, one module per subject: read and checked for form only. What it means is for the services."""
