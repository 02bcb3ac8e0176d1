"""Ways of finding out whether a map can be trusted, each with a cost that is known beforehand.

deletion.py    the class's probability as the map's samples are deleted, or alone left
baselines.py   random masks and shapes that know no model, judged alike
agreement.py   rank correlation with another map
stability.py   with the maps of noisy copies and of other seeds
randomised.py  with the map of the same network with shuffled weights
"""
