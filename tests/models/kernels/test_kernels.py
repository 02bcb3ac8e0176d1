"""The compiled kernels against PyTorch in float64, and against PyTorch in float32 where float32 itself is the limit."""

import copy
import itertools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from models import kernels
from models.explainers import Batch, engine
from models.explainers.occlusion import Occlusion
from models.kernels import cells, compiled, passes, spans, tile, weights
from models.networks import build
from models.zoo import load, names

GRADIENT = 1e-4  # relative to float64: the bound that docs/decisions/0008 names


def make_network(seed=0, scale=4.0, **config):
    torch.manual_seed(seed)
    network = build("lstm", {"leads": 1, "hidden": 24, "classes": 3, **config}).eval().requires_grad_(False)
    network.scores.weight.mul_(scale)
    return network


def make_signals(batch=3, leads=1, samples=60, seed=5):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=(batch, leads, samples)).astype(np.float32))


def exact(network):
    return copy.deepcopy(network).double()


def slopes(network, signals, targets, score):
    """Score and gradient by autograd."""
    inputs = signals.clone().requires_grad_()
    value = engine.pick(network, network(inputs), targets, score)
    (slope,) = torch.autograd.grad(value.sum(), inputs)
    return value.detach(), slope


SHAPES = [  # layers, pooling, leads, hidden, samples, batch: every value of each, in changing company
    (1, "last", 1, 128, 216, 1),
    (1, "mean", 2, 128, 216, 2),
    (1, "last", 12, 40, 100, 3),
    (1, "mean", 1, 1, 1, 9),
    (1, "last", 3, 33, 17, 5),
    (2, "last", 2, 32, 90, 8),
    (2, "mean", 1, 20, 8, 4),
    (2, "last", 1, 64, 400, 7),
    (3, "mean", 3, 16, 50, 11),
    (3, "last", 1, 48, 33, 6),
    (3, "mean", 12, 5, 2, 17),
]


@pytest.mark.parametrize("score", ["logit", "probability"])
@pytest.mark.parametrize(("layers", "pooling", "leads", "hidden", "samples", "batch"), SHAPES)
def test_scores_and_gradients_are_those_of_float64(layers, pooling, leads, hidden, samples, batch, score):
    network = make_network(seed=hidden, layers=layers, pooling=pooling, leads=leads, hidden=hidden)
    network.temperature = 1.7
    signals, targets = make_signals(batch, leads, samples), torch.arange(batch) % 3
    expected, slope = slopes(exact(network), signals.double(), targets, score)
    found, ours = passes.gradient(weights.pack(network, score), signals.numpy(), targets.numpy())
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    for row in range(batch):
        assert np.linalg.norm(ours[row] - slope[row].numpy()) <= GRADIENT * slope[row].norm()


@pytest.mark.parametrize("name", names())
def test_gradients_of_the_real_models_are_those_of_float64(name):
    network = load(name).network
    signals, targets = make_signals(4, samples=216), torch.arange(4)
    for score in ("logit", "probability"):
        expected, slope = slopes(exact(network), signals.double(), targets, score)
        found, ours = passes.gradient(weights.pack(network, score), signals.numpy(), targets.numpy())
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
        assert np.linalg.norm(ours - slope.numpy()) <= GRADIENT * slope.norm()


@pytest.mark.parametrize(("layers", "pooling", "leads", "hidden", "samples", "batch"), SHAPES)
def test_scores_alone_are_those_of_float64(layers, pooling, leads, hidden, samples, batch):
    network = make_network(layers=layers, pooling=pooling, leads=leads, hidden=hidden)
    signals = make_signals(batch, leads, samples)
    found = spans.windows(weights.pack(network), signals.numpy())
    np.testing.assert_allclose(found, exact(network)(signals.double()), rtol=1e-5, atol=1e-5)


def test_the_gradient_of_long_windows_is_found_in_smaller_blocks(monkeypatch):
    network, signals, targets = make_network(layers=2), make_signals(5), torch.tensor([0, 1, 2, 0, 1])
    packed = weights.pack(network)
    whole = passes.gradient(packed, signals.numpy(), targets.numpy())
    monkeypatch.setattr(passes, "MEMORY", 7 * packed.bias.size * 60 * 2)
    assert passes.rows_at_once(packed, 60) == 2
    for some, all_at_once in zip(passes.gradient(packed, signals.numpy(), targets.numpy()), whole, strict=True):
        np.testing.assert_allclose(some, all_at_once, rtol=1e-4, atol=1e-6)


# Covers


@pytest.mark.parametrize("pooling", ["last", "mean"])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_cover_begun_at_its_onset_gives_what_the_whole_window_does(layers, pooling):
    network = make_network(layers=layers, pooling=pooling, leads=2)
    signal, value = make_signals(1, 2)[0], make_signals(1, 2, seed=9)[0]
    chance = np.random.default_rng(1)
    covers = np.zeros((21, 2, 60), dtype=bool)
    for cover in covers[:18]:  # spans anywhere, in one lead or in both, in no order; then holes; then nothing at all
        first, last = sorted(chance.choice(61, 2, replace=False))
        cover[chance.integers(3) % 2 : chance.integers(1, 3), first:last] = True
    covers[18:20] = chance.random((2, 2, 60)) < 0.1
    found = spans.Covered(weights.pack(network), signal.numpy(), value.numpy()).logits(covers)
    expected = exact(network)(torch.where(torch.from_numpy(covers), value, signal).double())
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("score", ["logit", "probability"])
def test_occlusion_is_that_of_float64(score):
    network, signals, targets = make_network(leads=2, hidden=64), make_signals(2, 2, 120), torch.tensor([2, 0])
    for leads in ("together", "each"):
        method = Occlusion(width=25, leads=leads, fill="mean", score=score)
        ours = method.attribute(network, Batch(signals, targets))
        theirs = method.attribute(exact(network), Batch(signals.double(), targets))
        np.testing.assert_allclose(ours.values, theirs.values, atol=1e-5)


def test_many_windows_and_gradients_go_to_the_kernels_and_few_to_torch(monkeypatch):
    network, used = make_network(), []
    for module, name in ((spans, "windows"), (passes, "gradient")):
        original = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, f=original, n=name: (used.append(n), f(*given))[1])
    for batch, expected in ((engine.FEW, []), (engine.FEW + 1, ["windows", "gradient"])):
        signals, targets = make_signals(batch), torch.zeros(batch, dtype=torch.int64)
        np.testing.assert_allclose(engine.logits(network, signals), network(signals), atol=1e-5)
        ours, theirs = engine.gradient(network, signals, targets), slopes(network, signals, targets, "logit")
        np.testing.assert_allclose(ours[0], theirs[0], atol=1e-5)
        np.testing.assert_allclose(ours[1], theirs[1], atol=1e-5)
        assert used == expected


# What the kernels do not know


def test_what_the_kernels_do_not_know_is_left_to_torch():
    network, signals = make_network(), make_signals()

    class Other(type(network)):
        pass

    other = Other(network.config).eval()
    assert kernels.fit(network, signals)
    assert not kernels.fit(other, signals)
    assert not kernels.fit(exact(network), signals.double())
    assert not kernels.fit(network, signals.double())
    assert not kernels.fit(network, signals[:0])
    broken = signals.clone()
    broken[0, 0, 3] = torch.nan
    assert not kernels.fit(network, broken)


def test_a_network_the_kernels_do_not_know_is_explained_all_the_same():
    class Flat(engine.Network):
        """A linear map of the window: no recurrence."""

        def __init__(self):
            super().__init__()
            torch.manual_seed(0)
            self.map = torch.nn.Linear(60, 3)

        def forward(self, signals):
            return self.map(signals[:, 0])

    network, signals, targets = Flat(), make_signals(12), torch.zeros(12, dtype=torch.int64)
    weight = network.map.weight[0].detach()
    torch.testing.assert_close(engine.gradient(network, signals, targets)[1], weight.expand(12, 1, 60))
    covers = Occlusion(width=1).covers(1, 60)
    full = engine.logits(network, signals)[:, :1]
    found = engine.covered(network, signals, targets, covers, torch.zeros_like(signals))
    np.testing.assert_allclose(full - found, weight * signals[:, 0], atol=1e-5)


def test_values_that_are_not_finite_stay_so():
    signals = make_signals(engine.FEW + 1)
    signals[3, 0, 5] = torch.nan
    finite = engine.logits(make_network(), signals).isfinite().all(dim=1)
    assert finite.tolist() == [row != 3 for row in range(len(signals))]


# Parts


@pytest.mark.parametrize(("rows", "inner", "columns"), list(itertools.product(range(1, 20), [1, 3], [1, 2])))
def test_the_product_is_numpys(rows, inner, columns):
    chance = np.random.default_rng(rows)
    matrix = chance.normal(size=(inner * tile.WIDTH, columns * tile.WIDTH)).astype(np.float32)
    x = chance.normal(size=(rows, len(matrix))).astype(np.float32)
    out = chance.normal(size=(rows, matrix.shape[1])).astype(np.float32)
    expected = out + x @ matrix
    tile.add_product(out, x, tile.panels(matrix))
    np.testing.assert_allclose(out, expected, atol=1e-4)


def test_tanh_is_exact_to_a_few_units_in_the_last_place():
    x = np.concatenate([np.linspace(-12, 12, 20001), np.geomspace(1e-12, 1, 1000)]).astype(np.float32)
    found = np.array([cells.tanh(each) for each in x])
    np.testing.assert_allclose(found, np.tanh(x.astype(np.float64)), rtol=5e-7, atol=0)
    assert np.abs(found).max() <= 1


def test_panels_begin_on_cache_lines():
    assert all(tile.aligned((3, 5)).ctypes.data % 64 == 0 for _ in range(20))


def test_threads_may_share_the_kernels():
    packed, signals, targets = weights.pack(make_network()), make_signals(8), np.zeros(8, dtype=np.int64)
    expected = passes.gradient(packed, signals.numpy(), targets)[1]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: passes.gradient(packed, signals.numpy(), targets)[1], range(16)))
    for answer in answers:
        np.testing.assert_array_equal(answer, expected)


# Where compiled code is kept


@pytest.fixture
def afresh():
    compiled.folder.cache_clear()
    yield
    compiled.folder.cache_clear()


@pytest.mark.usefixtures("afresh")
def test_compiled_code_lies_in_the_users_cache_where_the_package_cannot_be_written_to(monkeypatch, tmp_path):
    beside = compiled.folder()
    assert beside.parent.name == "__pycache__"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(compiled, "_writable", lambda place: "__pycache__" not in place.parts)
    compiled.folder.cache_clear()
    assert compiled.folder() == tmp_path / "cache" / "beatlens" / beside.name
    monkeypatch.setattr(compiled, "_writable", lambda place: False)
    compiled.folder.cache_clear()
    assert compiled.folder().is_dir()


def test_a_folder_that_cannot_be_made_is_not_writable(tmp_path):
    assert compiled._writable(tmp_path / "new")
    (tmp_path / "file").write_text("")
    assert not compiled._writable(tmp_path / "file" / "below")


def test_a_kernel_is_loaded_from_disk_by_the_next_process():
    run = (
        "import numpy as np; from models.kernels import tile;"
        "x = np.ones((1, tile.WIDTH), np.float32); w = tile.panels(np.ones((tile.WIDTH, tile.WIDTH), np.float32));"
        "out = np.zeros_like(x); tile.add_product(out, x, w); assert (out == tile.WIDTH).all();"
        "print(sum(tile.add_product.stats.cache_hits.values()))"
    )
    for _ in range(2):
        last = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True)
    assert last.stdout.strip() == "1"


def test_a_few_windows_need_no_compiler():
    run = (
        "import sys, torch; from models.explainers import explainers, engine; from models.networks import build;"
        "network = build('lstm', {'classes': 2}); window = torch.zeros(1, 1, 20);"
        "engine.gradient(network, window, torch.tensor([0])); engine.temporal(network, window);"
        "assert 'numba' not in sys.modules, 'numba was imported'"
    )
    subprocess.run([sys.executable, "-c", run], check=True)
