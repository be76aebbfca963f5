"""Background work: the tasks, what is due when, and who is at work. It runs on Django's task API (django-tasks-db)."""
