"""Line icons as style rules: a mask of 16 × 16 in the colour of the text around it."""

from urllib.parse import quote

PATHS: dict[str, str] = {
    "logo": '<circle cx="7" cy="7" r="5.9"/><path d="m11.4 11.4 3.4 3.4M3 7.6h1.8l.9-2.5 1.4 4.3 1.1-1.8h2.5"/>',
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5 14 14"/>',
    "share": '<path d="M8 10V2M5 4.5 8 1.8l3 2.7M3 8v5.5h10V8"/>',
    "moon": '<path d="M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5Z"/>',
    "sun": '<circle cx="8" cy="8" r="3"/>'
    '<path d="M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6 13 13M13 3l-1.4 1.4M4.4 11.6 3 13"/>',
    "shield": '<path d="M8 1.5 13 3.5v4c0 3.3-2.2 5.6-5 7-2.8-1.4-5-3.7-5-7v-4L8 1.5Z"/>'
    '<path d="m5.7 8 1.7 1.7L10.5 6.5"/>',
    "left": '<path d="m10 4-4 4 4 4"/>',
    "right": '<path d="m6 4 4 4-4 4"/>',
    "sliders": '<path d="M2 5h7M13 5h1M2 11h1M7 11h7"/><circle cx="11" cy="5" r="2"/><circle cx="5" cy="11" r="2"/>',
    "bad": '<circle cx="8" cy="8" r="6"/><path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4"/>',
    "print": '<path d="M4.5 6V2h7v4M4.5 11H2.5V6h11v5h-2M4.5 9.5h7V14h-7Z"/>',
    "lock": '<rect x="3" y="7" width="10" height="7" rx="1.5"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>',
    "warn": '<path d="M8 2 14.5 13.5h-13Z"/><path d="M8 6.5v3.5M8 11.8v.200"/>',
    "copy": '<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5v-3h-8v8h3"/>',
    "clock": '<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.5"/>',
    "cover": '<rect x="2.5" y="3" width="11" height="10" rx="1.5"/>'
    '<path d="M6 3v10M10 3v10" stroke-dasharray="2 1.5"/>',
    "down": '<path d="M8 2v8M5 7.5 8 10.3l3-2.8M3 13.5h10"/>',
    "up": '<path d="M8 10.5v-8M5 5.5l3-2.8 3 2.8M3 13.5h10"/>',
    "caliper": '<path d="M3 2v12M13 2v12M3 8h10M5 6 3 8l2 2M11 6l2 2-2 2"/>',
    "ruler": '<path d="M1.5 5.5h13v5h-13ZM4.5 5.5v2M7 5.5v3M9.5 5.5v2M12 5.5v3"/>',
    "okc": '<circle cx="8" cy="8" r="6"/><path d="m5.3 8.2 1.9 1.9 3.6-3.9"/>',
    "half": '<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 1 0 12Z" fill="#000"/>',
    "person": '<circle cx="8" cy="5" r="3"/><path d="M2.5 14c.6-3 2.7-4.5 5.5-4.5s4.900 1.500 5.500 4.500"/>',
    "check": '<path d="m3 8.5 3.2 3.2L13 5"/>',
}


def uri(name: str) -> str:
    """The icon as a data URI, drawn in black."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="#000" stroke-width="1.5" '
        f'stroke-linecap="round" stroke-linejoin="round">{PATHS[name]}</svg>'
    )
    return f"data:image/svg+xml,{quote(svg)}"


def css() -> str:
    """One rule for each icon: `<span class="icon icon-share">`."""
    return "\n".join(f'.icon-{name}{{--icon:url("{uri(name)}")}}' for name in PATHS)


def favicon() -> str:
    """The mark on the browser's tab."""
    return uri("logo")
