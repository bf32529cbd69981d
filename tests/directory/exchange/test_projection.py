"""From metres to degrees: the published test vector, and back again over the whole country."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.exchange.projection import (
    _ECCENTRICITY,
    _N,
    _RADIUS,
    CENTRAL_MERIDIAN,
    FALSE_EASTING,
    SCALE,
    to_wgs84,
)


def to_metres(latitude: float, longitude: float) -> tuple[float, float]:
    """The forward series, written out on its own."""
    phi, delta = math.radians(latitude), math.radians(longitude) - CENTRAL_MERIDIAN
    tau = math.sinh(math.atanh(math.sin(phi)) - _ECCENTRICITY * math.atanh(_ECCENTRICITY * math.sin(phi)))
    xi_0, eta_0 = math.atan2(tau, math.cos(delta)), math.asinh(math.sin(delta) / math.hypot(tau, math.cos(delta)))
    series = (
        _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16,
        13 * _N**2 / 48 - 3 * _N**3 / 5,
        61 * _N**3 / 240,
    )
    xi, eta = xi_0, eta_0
    for order, factor in enumerate(series, start=1):
        xi += factor * math.sin(2 * order * xi_0) * math.cosh(2 * order * eta_0)
        eta += factor * math.cos(2 * order * xi_0) * math.sinh(2 * order * eta_0)
    return SCALE * _RADIUS * xi, FALSE_EASTING + SCALE * _RADIUS * eta


def test_the_published_vector() -> None:
    assert to_wgs84(6834688, 503879) == (61.645467, 27.073210)


@given(latitude=st.floats(59.5, 70.2), longitude=st.floats(19.0, 31.7))
def test_there_and_back(latitude: float, longitude: float) -> None:
    assert to_wgs84(*to_metres(latitude, longitude)) == pytest.approx((latitude, longitude), abs=1e-6)


def test_the_central_meridian_is_kept() -> None:
    assert to_wgs84(7_000_000, 500_000)[1] == 27.0
