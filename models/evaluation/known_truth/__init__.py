"""Methods judged where the truth is known: beats whose class hangs on one planted feature, networks trained on them.

planted.py    the beats, each with the samples that decide its class
networks.py   small networks that learn nothing else, and the check that they did
scores.py     AUP, AUR and IoU of a map with the truth
judging.py    every map of every planted network: scores, and the verdicts of the trust panel
report.py     the tables in Markdown
drawing.py    one beat of each feature with its maps
"""
