"""The running jobs of the desk, at the foot of its side; drawn in assets/core/jobs.js."""

from frontend.panel import Panel
from frontend.ui.components import running_jobs

PANEL = Panel("jobs", place="side", order=60, layout=running_jobs)
