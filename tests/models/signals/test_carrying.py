"""Measurements carried forward: the last of each period, until there is another; and where there was one."""

from dataclasses import replace

import numpy as np
import pytest

from models.cards import CarriedForward, Channel, InputSpec, Scaling, WholeWindow
from models.errors import UnsupportedError
from models.records import Record
from models.signals.carrying import last_measured
from models.signals.channels import match_channels
from models.signals.preparing import prepare

HOUR = 60  # minutes


def spec(**scaling: object) -> InputSpec:
    channels = (
        Channel(name="Pulse", unit="/min", aliases=("HR",), optional=True, fill=-1.0),
        Channel(name="Lactate", unit="mmol/L", optional=True),
        Channel(name="Pulse measured", unit="0/1", aliases=("HR",), optional=True, mask=True),
        Channel(name="Lactate measured", unit="0/1", aliases=("Lactate",), optional=True, mask=True),
    )
    step = CarriedForward(scalings=(Scaling(**scaling), Scaling(), Scaling(), Scaling()))  # type: ignore[arg-type]
    return InputSpec(fs=1 / 3600, channels=channels, preprocessing=(step,), window=WholeWindow(longest=48))


def stay(values: dict[int, float], hours: int = 5) -> Record:
    signal = np.full((1, hours * HOUR), np.nan, np.float32)
    for minute, value in values.items():
        signal[0, minute] = value
    return Record("ward~1", "1", signal, 1 / 60, ("HR",), units=("/min",), kind="series")


def read(record: Record, wanted: InputSpec) -> np.ndarray:
    return prepare(record, match_channels(record.leads, wanted.channels), wanted).signal


def test_the_last_value_of_an_hour_holds_until_the_next_and_masks_say_where_it_was_measured() -> None:
    found = read(stay({70: 80, 100: 90, 245: 60}), spec())
    assert found[0].tolist() == [-1.0, 5.0, 5.0, 5.0, 5.0]  # cut off at 5 spreads; before the first the fill
    wide = spec(centre=80.0, spread=10.0)
    assert read(stay({70: 80, 100: 90, 245: 60}), wide)[0].tolist() == [-1.0, 1.0, 1.0, 1.0, -2.0]
    assert found[2].tolist() == [0, 1, 0, 0, 1]
    assert found[1].tolist() == [0] * 5  # never recorded: its fill
    assert found[3].tolist() == [0] * 5


def test_what_comes_later_changes_nothing_before_it() -> None:
    rng = np.random.default_rng(0)
    values = {int(minute): float(rng.normal(80, 10)) for minute in rng.choice(5 * HOUR, 20, replace=False)}
    early = {minute: value for minute, value in values.items() if minute < 3 * HOUR}
    wanted = spec(centre=80.0, spread=10.0)
    np.testing.assert_array_equal(read(stay(values), wanted)[:, :3], read(stay(early), wanted)[:, :3])


def test_raw_values_are_in_the_channels_units_and_unknown_before_the_first() -> None:
    record, wanted = stay({70: 80}), spec(centre=80.0, spread=10.0)
    raw = last_measured(record, match_channels(record.leads, wanted.channels), wanted)
    np.testing.assert_array_equal(raw[0], [np.nan, 80, 80, 80, 80])
    prepared = prepare(record, match_channels(record.leads, wanted.channels), wanted)
    assert prepared.inside(np.zeros(1, np.int64), 5).all()  # hours without a measurement are no gap


def test_a_logarithm_is_scaled_where_it_is_asked_for() -> None:
    wanted = spec(centre=float(np.log1p(9)), spread=2.0, log=True)
    assert read(stay({0: 9}), wanted)[0].tolist() == pytest.approx([0] * 5, abs=1e-6)
    assert read(stay({0: 99}), wanted)[0, 0] == pytest.approx(np.log(10) / 2, abs=1e-5)


def test_a_rate_that_is_no_whole_number_of_samples_is_refused() -> None:
    record = replace(stay({0: 70}), fs=1 / 50)
    with pytest.raises(UnsupportedError, match=r"0\.02 Hz cannot be read at 0\.00028 Hz|no whole number of samples"):
        read(replace(record, fs=1 / 3601), spec())


def test_a_card_has_a_scaling_for_each_channel() -> None:
    with pytest.raises(ValueError, match="a scaling for each channel"):
        InputSpec(fs=1 / 3600, channels=(Channel(name="HR"),), preprocessing=(CarriedForward(scalings=()),))
