"""Names and serializer of the queues as RQ keeps them, on which queue, janitor and worker must agree."""

import redis
import rq
from rq.serializers import JSONSerializer

from workers.status import URGENCIES, Urgency
from workers.status_store import PREFIX

TASK = "workers.tasks.compute"
SERIALIZER = JSONSerializer  # the queue's and the workers' must be the same
OPEN = (
    PREFIX + "open"
)  # attempt key → when it was last seen in a queue or in work, so that none is lost between the two
DIED = "The workers computing this died in the middle of it, more than once; perhaps memory ran out."


def queues(connection: redis.Redis) -> dict[Urgency, rq.Queue]:
    """The queues by urgency, the first served first."""
    return {name: rq.Queue(name, connection=connection, serializer=SERIALIZER) for name in URGENCIES}
