/** How the page looks: in the light, in the dark, and on paper. */
export const style = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c1e21; --soft: #5f6770; --line: #d3d8de; --panel: #f6f7f9;
  --baseline: #5f6770; --candidate: #1f5fbf; --good: #187a3c; --bad: #b3261e; --removed: #ffdfdc; --added: #d4f3dc; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --ink: #e7eaee; --soft: #a0a9b4; --line: #3a424c; --panel: #1c2127;
  --baseline: #a0a9b4; --candidate: #7fb0ff; --good: #5cc77f; --bad: #ff8a80; --removed: #5a1f1c; --added: #1a4a2a; } }
@media print { :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --panel: #fff;
  --baseline: #444; --candidate: #1f5fbf; --good: #187a3c; --bad: #b3261e; --removed: #ffdfdc; --added: #d4f3dc; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; } h3 { font-size: 1rem; margin: 0 0 .3rem; }
p, ul { margin: .4rem 0; } .soft, figcaption, caption { color: var(--soft); } figcaption, caption, .note { font-size: .87rem; text-align: left; }
.verdict { display: inline-block; padding: .1rem .7rem; border-radius: 1rem; border: 2px solid; font-weight: 700; }
.pass { color: var(--good); } .fail { color: var(--bad); } .undecided { color: var(--soft); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { color: var(--soft); font-weight: 600; overflow-wrap: normal; } td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.figure { width: 240px; min-width: 200px; padding: 0 .3rem; } td.decide { min-width: 8rem; font-size: .87rem; } td.number .soft { font-size: .87rem; } td.tally { white-space: normal; width: 6.5rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.2rem; }
figure { margin: 0; min-width: 0; overflow-x: auto; padding: .8rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); break-inside: avoid; }
.plot svg { display: block; width: 100%; height: auto; } .figure .plot svg { max-width: 240px; }
.key::before { content: ""; display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .35em; background: var(--soft); }
.key.baseline::before { background: var(--baseline); } .key.candidate::before { background: var(--candidate); }
.controls { display: flex; flex-wrap: wrap; gap: .8rem; align-items: center; position: sticky; top: 0; padding: .5rem 0; background: var(--paper); }
input, select { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: .3rem; padding: .25rem .5rem; max-width: 100%; }
input[type=search] { flex: 1 1 14rem; } :focus-visible { outline: 2px solid var(--candidate); outline-offset: 1px; }
.regression { border: 1px solid var(--line); border-radius: .5rem; padding: .8rem; margin: .8rem 0; background: var(--panel); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .8rem; } .pair > div { min-width: 0; }
pre { margin: .2rem 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; font: .87rem/1.45 ui-monospace, monospace; max-height: 28rem; overflow-y: auto; }
del { background: var(--removed); text-decoration: none; } ins { background: var(--added); text-decoration: none; }
[hidden] { display: none !important; }
@media (max-width: 45rem) { .pair { grid-template-columns: 1fr; } }
@media print { body { max-width: none; padding: 0; font-size: 11px; } .controls { display: none; } pre { max-height: none; } tr, .regression { break-inside: avoid; } h2 { break-after: avoid; } }
`;
