"""ETRS-TM35FIN (EPSG:3067) to WGS84 by the third-order Krüger series (JHS 197). Pure arithmetic, to a millimetre."""

import math

# GRS80, the zone's central meridian 27° E, scale 0.9996, false easting 500 km.
SEMI_MAJOR_AXIS = 6378137.0
FLATTENING = 1 / 298.257222101
CENTRAL_MERIDIAN = math.radians(27.0)
SCALE = 0.9996
FALSE_EASTING = 500_000.0

_N = FLATTENING / (2 - FLATTENING)
_RADIUS = SEMI_MAJOR_AXIS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ECCENTRICITY = math.sqrt(FLATTENING * (2 - FLATTENING))
_SERIES = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96,
    _N**2 / 48 + _N**3 / 15,
    17 * _N**3 / 480,
)


def to_wgs84(northing: float, easting: float) -> tuple[float, float]:
    """(latitude, longitude) in degrees, to six decimals (about 10 cm)."""
    xi = northing / (SCALE * _RADIUS)
    eta = (easting - FALSE_EASTING) / (SCALE * _RADIUS)
    xi_0, eta_0 = xi, eta
    for order, factor in enumerate(_SERIES, start=1):
        xi_0 -= factor * math.sin(2 * order * xi) * math.cosh(2 * order * eta)
        eta_0 -= factor * math.cos(2 * order * xi) * math.sinh(2 * order * eta)
    # From the conformal sphere to the ellipsoid: a fixed point, reached in a few rounds.
    conformal = math.asin(math.sin(xi_0) / math.cosh(eta_0))
    isometric = math.asinh(math.tan(conformal))
    latitude = conformal
    for _round in range(6):
        latitude = math.atan(math.sinh(isometric + _ECCENTRICITY * math.atanh(_ECCENTRICITY * math.sin(latitude))))
    longitude = CENTRAL_MERIDIAN + math.asin(math.tanh(eta_0) / math.cos(conformal))
    return round(math.degrees(latitude), 6), round(math.degrees(longitude), 6)
