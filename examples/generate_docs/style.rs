//! The colours of the picture, for a light and for a dark page.

/// A style sheet in the picture itself: it then looks right wherever the file is shown.
pub const SHEET: &str = "\
    text { font: 13px system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', sans-serif; fill: #1f2328 }
    .code { font-family: ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace; font-size: 12.5px }
    .small { font-size: 11.5px; fill: #59636e }
    .middle { text-anchor: middle } .end { text-anchor: end }
    .strong { font-weight: 600 }
    .page { fill: #ffffff; stroke: #d1d9e0 }
    .release { fill: #eff2f5; stroke: #ffffff; stroke-width: 2 }
    .stage { fill: #fff3d6; stroke: #d4a72c }
    .boundary { stroke: #d4a72c; stroke-dasharray: 3 4 }
    .from.read { fill: #0969da } .from.written { fill: #ddf4ff; stroke: #0969da }
    .to.read { fill: #1a7f37 } .to.written { fill: #dafbe1; stroke: #1a7f37 }
    .unused { fill: none; stroke: #818b98; stroke-dasharray: 4 3 }
    .legend { fill: #818b98 } .legend.pale { fill: #eff2f5; stroke: #818b98 } .slant { stroke: #818b98; stroke-width: 2 }
    .on-read { fill: #ffffff; font-weight: 600 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .small { fill: #9198a1 }
      .page { fill: #0d1117; stroke: #3d444d }
      .release { fill: #21262d; stroke: #0d1117 }
      .stage { fill: #3a2d0b; stroke: #bb8009 }
      .boundary { stroke: #bb8009 }
      .from.read { fill: #1f6feb } .from.written { fill: #0c2545; stroke: #388bfd }
      .to.read { fill: #238636 } .to.written { fill: #0d2818; stroke: #2ea043 }
      .unused { stroke: #6e7681 }
      .legend { fill: #6e7681 } .legend.pale { fill: #21262d; stroke: #6e7681 }
      .on-read { fill: #ffffff }
    }
";
