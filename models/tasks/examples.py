"""What is asked with examples: real windows, and what is known of each but whose it is."""

from models.tasks.base import TaskParameters


class ExamplesParameters(TaskParameters):
    """What the service says of the windows [windows, leads, samples] of a task with the scope `examples`."""

    labels: tuple[int, ...] = ()  # [windows], index of the model's class; −1 where the label is none of them
    patients: tuple[int, ...] = ()  # [windows], a number for each patient: it says nothing of who that is
    trained: tuple[bool, ...] = ()  # [windows], whether the model was trained on the patient
