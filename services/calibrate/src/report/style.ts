export const style = `
:root{color-scheme:light dark;--text:#1b1f24;--soft:#59636e;--ground:#fff;--edge:#d8dee4;--measured:#1b1f24;--file:#c2410c;--calibrated:#0b6bcb;--naive:#7a828b}
@media (prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9aa4ae;--ground:#0d1117;--edge:#30363d;--measured:#e6edf3;--file:#fb923c;--calibrated:#58a6ff;--naive:#8b949e}}
body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:56rem;font:16px/1.5 system-ui,sans-serif;color:var(--text);background:var(--ground)}
h1{font-size:1.5rem;margin:.2rem 0 .6rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.brand,figcaption,.remark{color:var(--soft)}.brand{margin:0}
.verdict{padding:.7rem 1rem;border-left:4px solid var(--calibrated);background:color-mix(in srgb,var(--calibrated) 8%,transparent)}
.verdict.refused{border-color:var(--file);background:color-mix(in srgb,var(--file) 10%,transparent)}
.scroll{overflow-x:auto}table{border-collapse:collapse;min-width:30rem}th,td{padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--edge);text-align:right;font-variant-numeric:tabular-nums}
th:first-child,td:first-child{text-align:left}thead th{color:var(--soft);font-weight:500}
figure{margin:1rem 0}svg{width:100%;height:auto}svg text{fill:var(--soft);font:12px system-ui,sans-serif}
text.y,text.label{text-anchor:end}text.x{text-anchor:middle}text.label{fill:var(--text);font-size:13px}
.grid{stroke:var(--edge)}.line{fill:none;stroke-width:1.6;stroke-linejoin:round}
.line.measured{stroke:var(--measured)}.line.file{stroke:var(--file)}.line.calibrated{stroke:var(--calibrated)}.line.naive{stroke:var(--naive);stroke-dasharray:5 4}
.file-line{stroke:var(--file);stroke-width:1.5}.whisker{stroke:var(--calibrated);stroke-width:3}.dot{fill:var(--calibrated)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0;margin:.3rem 0;font-size:.9rem}
.swatch{display:inline-block;width:1rem;height:3px;margin-right:.4rem;vertical-align:middle}
.swatch.measured{background:var(--measured)}.swatch.file{background:var(--file)}.swatch.calibrated{background:var(--calibrated)}.swatch.naive{background:var(--naive)}
`.trim();
