"""What people call the beats they look at."""
