/** The style of the API's pages: a file of its own, since the content security policy allows no other. */
export const docsStyle = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --line: #d7dde5; --soft: #f3f5f8; --link: #0b57b7; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9f0; --paper: #12171e; --line: #323b47; --soft: #1b222c; --link: #7db4ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header { padding: .6rem 1.2rem; border-bottom: 1px solid var(--line); font-weight: 600; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem 1.2rem 4rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; }
a { color: var(--link); text-decoration: none; } a:hover, a:focus { text-decoration: underline; }
code, pre { font-family: ui-monospace, monospace; font-size: .92em; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: .8rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.operations td:first-child { width: 5.5rem; }
form { display: flex; gap: .5rem; align-items: center; margin: 1rem 0; }
input, button { font: inherit; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: 4px; background: var(--paper); color: inherit; }
input { flex: 1; max-width: 30rem; }
.areas { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; list-style: none; padding: 0; }
.method { display: inline-block; min-width: 4.4rem; text-align: center; border-radius: 4px; color: #fff; font-size: .75rem; font-weight: 700; padding: .1rem .4rem; }
.get { background: #0b6bb8; } .post { background: #1d7a3a; } .put { background: #8a5a00; } .patch { background: #6b4fbb; } .delete { background: #b3261e; }
`.trimStart()
