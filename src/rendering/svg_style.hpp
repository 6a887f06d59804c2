#pragma once

namespace rendering {

/// One style for all pictures: they stand on one page, light or dark.
/// The series' colours are told apart by colour-blind readers too (Okabe and Ito), and by their dashes.
inline constexpr const char* svg_style =
    "<style>\n"
    "svg { color-scheme: light dark; color: #222; color: light-dark(#222, #ddd) }\n"
    "svg text { font-family: system-ui, sans-serif; fill: currentColor; text-anchor: middle }\n"
    "svg .name { font-style: italic; font-size: 18px }\n"
    "svg .entry { font-size: 14px; font-variant-numeric: tabular-nums }\n"
    "svg .sign { font-size: 20px }\n"
    "svg .cell { fill: #8fb8de; fill: light-dark(#8fb8de, #2f6ea5); stroke: currentColor; stroke-opacity: "
    "0.5 }\n"
    "svg .label { font-size: 14px }\n"
    "svg .tick { font-size: 13px }\n"
    "svg .start { text-anchor: start }\n"
    "svg .end { text-anchor: end }\n"
    "svg .strong { font-weight: bold }\n"
    "svg .on-dark { font-size: 12px; fill: #fff }\n"
    "svg .on-light { font-size: 12px; fill: #000 }\n"
    "svg .none { font-size: 12px }\n"
    "svg .nothing { fill: none; stroke: currentColor; stroke-opacity: 0.3 }\n"
    "svg .axis { stroke: currentColor; stroke-opacity: 0.7; fill: none }\n"
    "svg .grid { stroke: currentColor; stroke-opacity: 0.15; fill: none }\n"
    "svg .line { fill: none; stroke-width: 2.2 }\n"
    "svg .s0 { --c: light-dark(#0072b2, #56b4e9) }\n"
    "svg .s1 { --c: light-dark(#b34700, #f0a050); stroke-dasharray: 7 3 }\n"
    "svg .s2 { --c: light-dark(#00795a, #3cc9a0); stroke-dasharray: 2 3 }\n"
    "svg .s3 { --c: light-dark(#a3427d, #dd8fbe); stroke-dasharray: 9 3 2 3 }\n"
    "svg .line { stroke: var(--c) }\n"
    "svg .mark { fill: var(--c); stroke: none }\n"
    "svg .bar { fill: var(--c); fill-opacity: 0.75; stroke: var(--c); stroke-dasharray: none }\n"
    "</style>\n";

}  // namespace rendering
