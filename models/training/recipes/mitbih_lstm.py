"""The LSTM of paper 000: four classes, patients apart."""

from models.training.recipes.base import FIRST_LEAD, RR, Recipe

RECIPE = Recipe(
    id="mitbih-lstm",
    title="LSTM, 4 classes, patient split",
    summary="One LSTM layer of 128 units reads one beat of 0.6 s and names it: normal, RBBB, paced or PVC.",
    source="van der Westhuizen & Lasenby 2018 (paper 000), §4",
    symbols=("N", "R", "/", "V"),
    network={"leads": 1, "classes": 4, "hidden": 128, "layers": 1, "dropout": 0.1, "pooling": "last"},
    split="patients",
    split_seed=1252,  # the first that paper 000's rule accepts, counting from 0
    other_split_seeds=(8501, 10717, 11601),  # the next ones but 9868, which has not been run
    weight_decay=1e-3,
    batch=200,
    epochs=20,
    patience=8,
    seeds=(0, 1, 2, 3, 4),
    limits=(RR, FIRST_LEAD),
)
