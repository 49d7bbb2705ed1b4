/// The page's style sheet: light and dark, wide and narrow, and for print.
enum PageStyle {
  static let text = """
    :root {
      --ground: #ffffff; --raised: #f6f8fa; --ink: #1f2328; --quiet: #59636e; --rule: #d1d9e0; --link: #0757b0;
      --yes: #116329; --no: #a40e26; --open: #6e5200;
      --c0: #00558b; --c1: #d98200; --c2: #00916e; --c3: #b8518f; --c4: #56a8d8; --c5: #6b6b6b;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #0d1117; --raised: #161b22; --ink: #e6edf3; --quiet: #9ba5b0; --rule: #30363d; --link: #6cb2ff;
        --yes: #56d364; --no: #ff8e85; --open: #e3b341;
        --c0: #56a8e8; --c1: #f0a030; --c2: #3fc69c; --c3: #e08cbc; --c4: #a8d8f4; --c5: #b0b0b0;
      }
    }
    * { box-sizing: border-box; }
    html { scroll-behavior: smooth; }
    body {
      margin: 0; background: var(--ground); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
    }
    main { max-width: 72rem; margin: 0 auto; padding: 1.25rem 1rem 4rem; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0.5rem 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.35rem; margin: 2.5rem 0 0.5rem; }
    h3 { font-size: 1.05rem; line-height: 1.35; margin: 0.25rem 0; }
    a, nav a { color: var(--link); }
    nav a { margin-right: 1rem; }
    .facts { margin: 0.5rem 0; padding: 0; list-style: none; color: var(--quiet); }
    .answers { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); }
    .answer {
      min-width: 0; padding: 0.75rem 1rem; background: var(--raised); border: 1px solid var(--rule);
      border-radius: 0.5rem;
    }
    .answers + h3 { margin-top: 1.5rem; }
    .answer p { margin: 0.4rem 0; }
    .verdict { font-weight: 600; }
    .verdict::before { display: inline-block; width: 1.4em; }
    .verdict.yes { color: var(--yes); } .verdict.yes::before { content: "✓"; }
    .verdict.no { color: var(--no); } .verdict.no::before { content: "✗"; }
    .verdict.open { color: var(--open); } .verdict.open::before { content: "?"; }
    summary { cursor: pointer; color: var(--link); }
    figure { margin: 1.5rem 0 2.5rem; }
    .picture { overflow-x: auto; }
    .picture svg { display: block; width: 100%; height: auto; max-width: calc(1.3 * var(--width)); min-width: min(36rem, var(--width)); }
    figcaption { color: var(--quiet); font-size: 0.92rem; max-width: 48rem; }
    .tools { white-space: nowrap; margin-left: 0.5rem; }
    button {
      font: inherit; color: var(--link); background: none; border: 0; padding: 0; cursor: pointer;
      text-decoration: underline;
    }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 0.88rem; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.25rem 0.6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
    th:first-child, td:first-child { text-align: left; }
    thead th { vertical-align: bottom; }
    th button { color: var(--ink); font-weight: 600; text-decoration: none; }
    th[aria-sort="ascending"] button::after { content: " ▲"; }
    th[aria-sort="descending"] button::after { content: " ▼"; }
    tbody tr:hover { background: var(--raised); }
    input {
      font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet);
      border-radius: 0.3rem; padding: 0.2rem 0.5rem; max-width: 100%;
    }
    code { font-size: 0.9em; overflow-wrap: anywhere; }
    footer { margin-top: 3rem; color: var(--quiet); font-size: 0.9rem; }
    #tip {
      position: fixed; z-index: 9; max-width: 22rem; padding: 0.4rem 0.6rem; pointer-events: none; white-space: pre-line;
      font-size: 0.85rem; line-height: 1.35; color: var(--ink); background: var(--ground);
      border: 1px solid var(--quiet); border-radius: 0.3rem; box-shadow: 0 2px 8px #0003;
    }
    #tip[hidden] { display: none; }
    dialog {
      width: min(96vw, 90rem); max-height: 94vh; padding: 1rem; color: inherit; background: var(--ground);
      border: 1px solid var(--rule); border-radius: 0.5rem;
    }
    dialog::backdrop { background: #0008; }
    dialog form { text-align: right; }
    dialog svg { display: block; width: 100%; height: auto; max-height: 82vh; }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    dialog svg.one { max-height: 70vh; }
    dialog svg.one text { font-size: 5px; }
    dialog svg.one path, dialog svg.one line { vector-effect: non-scaling-stroke; }
    svg .panel { cursor: zoom-in; }
    dialog svg .panel { cursor: default; }
    svg .ground { fill: var(--ground); }
    svg .ink { fill: var(--ink); }
    svg .quiet { fill: var(--quiet); }
    svg .rule { stroke: var(--rule); }
    svg .axis { stroke: var(--quiet); }
    svg .solid0 { fill: var(--c0); } svg .line0, svg .hollow0 { stroke: var(--c0); }
    svg .solid1 { fill: var(--c1); } svg .line1, svg .hollow1 { stroke: var(--c1); }
    svg .solid2 { fill: var(--c2); } svg .line2, svg .hollow2 { stroke: var(--c2); }
    svg .solid3 { fill: var(--c3); } svg .line3, svg .hollow3 { stroke: var(--c3); }
    svg .solid4 { fill: var(--c4); } svg .line4, svg .hollow4 { stroke: var(--c4); }
    svg .solid5 { fill: var(--c5); } svg .line5, svg .hollow5 { stroke: var(--c5); }
    svg .mark[class*="solid"] { stroke: var(--ground); }
    svg .mark[class*="hollow"] { fill: var(--ground); }
    svg .mark:hover, svg rect[data-tip]:hover { stroke: var(--ink); stroke-width: 1.5; }
    @media print {
      nav, .tools, #filter, dialog { display: none; }
      figure { break-inside: avoid; }
    }

    """
}
