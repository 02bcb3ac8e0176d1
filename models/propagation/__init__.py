"""Scores passed back through a network by rules of their own in place of the derivative.

A rule mode watches what a network computes and replaces each operation by one whose backward pass is the rule; the
network itself is not changed, and other threads see nothing of it. What a mode has no rule for is refused, never
passed back by the derivative in silence.

    modes.py          what all have in common: operations by name, and the refusal
    relevance.py      layer-wise relevance propagation of convolutions, linear maps, sums and pooling
    recurrent.py      the same through LSTM and GRU
    rescale.py        DeepLIFT's rescale rule, for networks that are linear but for ReLUs and maxima
    decomposition.py  contextual decomposition of an LSTM: forward, in two parts
"""
