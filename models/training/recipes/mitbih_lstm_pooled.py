"""The LSTM of paper 001: averaged over time, five classes, beats split at random."""

from models.training.recipes.base import FIRST_LEAD, RR, Recipe

RECIPE = Recipe(
    id="mitbih-lstm-pooled",
    title="LSTM averaged over time, 5 classes, random split",
    summary="One LSTM layer of 128 units, its outputs averaged over time, names one beat out of five classes.",
    source="van der Westhuizen & Lasenby 2017 (paper 001), §3",
    symbols=("N", "L", "R", "/", "V"),
    network={"leads": 1, "classes": 5, "hidden": 128, "layers": 1, "dropout": 0.2, "pooling": "mean"},
    split="beats",
    split_seed=0,
    learning_rate=1e-3,
    batch=256,
    epochs=60,
    patience=8,
    seeds=(0,),
    limits=(
        "Beats of the same patients are in training and test: its accuracy says nothing about new patients.",
        "Paper 001 calls its fifth class V-fib, but MIT-BIH marks no such beats: taken here as V, "
        "premature ventricular contraction, as the same authors do in paper 000.",
        RR,
        FIRST_LEAD,
    ),
)
