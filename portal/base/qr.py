"""An address as a QR code, for a phone's camera. Drawn by the server: no script, no other site."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(address: str) -> SafeString:
    """The code as SVG, dark on white in every colour scheme. Its words stand beside it."""
    code = segno.make(address, error="m", micro=False)
    return mark_safe(code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr"))
