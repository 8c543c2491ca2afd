"""The report as markdown: one table a kind of task, a row a peer and a file."""

HEADS = {
    "link": (
        "list",
        "peer",
        "pairs: F1 at 0.5",
        "best F1 (from)",
        "true pairs told",
        "its clusters: pairs F1; B-cubed",
        "joined at 0.5",
        "joined at its best (from)",
        "calibration error",
        "time; processor",
        "most memory",
        "same each run",
    ),
    "names": (
        "list",
        "peer",
        "persons: F1 at its threshold",
        "best F1 (from)",
        "all: F1 at its threshold",
        "best F1 (from)",
        "time",
        "same each run",
    ),
    "rank": ("list", "peer", "right first", "among five", "time", "same each run"),
}


def number(x, digits=4):
    return "" if x is None else f"{x:.{digits}f}"


def best(s):
    return f"{number(s['f1'])} ({s['threshold']:.2g})"


def joined(s):
    return f"{number(s['pairs']['f1'])}; {number(s['b_cubed']['f1'])}"


def link_cells(r):
    s = r["scores"]
    components = s["components"]
    return (
        number(s["at_half"]["f1"]),
        best(s["best"]),
        number(s["proposed"]),
        joined(s["clusters"]),
        joined(components["at_half"]),
        f"{joined(components['best'])} ({components['best']['threshold']:.2g})",
        number(s["calibration_error"]),
        f"{r['wall']:.1f} s; {r['cpu']:.1f} s",
        f"{r['memory']:,.0f} MiB",
        same(r),
    )


def names_cells(r):
    parts = (r["scores"]["persons"], r["scores"]["all"])
    cells = [cell for s in parts for cell in (best(s["at_own"]), best(s["best"]))]
    return (*cells, f"{r['wall']:.1f} s", same(r))


def rank_cells(r):
    return (number(r["scores"]["at_1"]), number(r["scores"]["at_5"]), f"{r['wall']:.1f} s", same(r))


CELLS = {"link": link_cells, "names": names_cells, "rank": rank_cells}


def same(r):
    return {True: "yes", False: "no", None: ""}[r["identical"]]


def line(cells):
    return "| " + " | ".join(cells) + " |"


def rows(task):
    for r in task["results"]:
        peer = r["peer"] + (f" ({r['remark']})" if r["remark"] else "")
        width = len(HEADS[task["kind"]]) - 2
        if r["problem"]:
            yield line((task["task"], peer, r["problem"], *[""] * (width - 1)))
        else:
            yield line((task["task"], peer, *CELLS[task["kind"]](r)))


def heading(report):
    m = report["machine"]
    where = f"{m['processors']} processors ({m['processor']}), Python {m['python']}"
    return f"{where}; medians of {report['runs']} alternating runs; load at the start {m['load']:.1f}."


def markdown(report):
    done = [t for t in report["tasks"] if "problem" not in t]
    out = [heading(report), ""]
    for kind, head in HEADS.items():
        told = [t for t in done if t["kind"] == kind]
        if told:
            out += [line(head), line(["---"] * len(head)), *(row for t in told for row in rows(t)), ""]
    out += [f"{t['task']}: {t['problem']}" for t in report["tasks"] if "problem" in t]
    versions = dict.fromkeys(r["versions"] for t in done for r in t["results"] if r["versions"])
    return "\n".join([*out, "Installed: " + "; ".join(versions) + "."] if versions else out)
