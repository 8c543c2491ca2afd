"""Runs Homeward and its peers side by side on the same files and prints one table: python3 bench/run.py --data DIR

See bench/README.md. Runs alternate (A B C, A B C, ...), each in a process of its own; medians are told.
"""

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys

import environments
import evaluate
import table
import tasks

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "peers"))

import homeward_link  # noqa: E402
import tables  # noqa: E402


def options():
    p = argparse.ArgumentParser(description="Homeward and its peers, side by side.")
    p.add_argument("--data", default=os.environ.get("HOMEWARD_BENCH"), metavar="DIR", help="folder of the public files (default: $HOMEWARD_BENCH)")
    p.add_argument("--homeward", metavar="PATH", help="the command to measure (default: built from this checkout)")
    p.add_argument("--synthetic", metavar="FILE", help="an invented list, a CSV with a column `cluster`")
    p.add_argument("--work", default=os.path.join(os.path.expanduser("~"), ".cache", "homeward-bench"), metavar="DIR", help="environments and results (default: %(default)s)")
    p.add_argument("--runs", type=int, default=3, help="runs of each peer on each file (default: %(default)s)")
    p.add_argument("--limit", type=int, default=900, metavar="SECONDS", help="a run that takes longer is stopped (default: %(default)s)")
    p.add_argument("--tasks", help="comma-separated, of: " + ", ".join([*tasks.KNOWN, "synthetic"]))
    p.add_argument("--peers", help="comma-separated names, as in the table (default: all)")
    p.add_argument("--json", action="store_true", help="print JSON in place of the table")
    return p.parse_args()


def tell(*words):
    print(*words, file=sys.stderr, flush=True)


def built(work):
    path = os.path.join(work, "homeward")
    subprocess.run(["go", "build", "-o", path, "./cmd/homeward"], cwd=os.path.dirname(HERE), check=True)
    return path


def command(peer, python, task, out, homeward):
    if peer.name == "Homeward" and task.kind != "names":
        return homeward_link.command(homeward, task.name, out, task.files)
    return [python, os.path.join(HERE, "peers", peer.script), task.name, out, *task.files]


def run(peer, python, task, out, given):
    """One run, in an empty folder; what it took."""
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    log = os.path.join(out, "printed")
    surroundings = dict(os.environ, HOMEWARD_BINARY=given.homeward, HOMEWARD_BENCH_TRUTH=task.truth_file, **peer.variables)
    whole = [sys.executable, os.path.join(HERE, "measure.py"), str(given.limit), log, *command(peer, python, task, out, given.homeward)]
    took = json.loads(subprocess.run(whole, env=surroundings, capture_output=True, text=True, check=True).stdout)
    took["load"] = os.getloadavg()[0]
    if took["code"] == 0 and peer.name == "Homeward" and task.kind == "link":
        homeward_link.common(out)
    if took["code"] == 0 and peer.name == "Homeward" and task.kind == "rank":
        homeward_link.ranks(out, log)
    return took


OUTPUTS = {"link": ("pairs.csv", "clusters.csv"), "names": ("scores.csv",), "rank": ("ranks.csv",)}


def digest(task, out):
    """Tells whether two runs said the same: their results, whatever the order of lines."""
    whole = hashlib.sha256()
    for name in OUTPUTS[task.kind]:
        with open(os.path.join(out, name), encoding="utf-8") as f:
            whole.update("".join(sorted(f)).encode())
    return whole.hexdigest()


def judge_names(peer, task, out):
    scores = {r["id"]: float(r["score"]) for r in tables.read(os.path.join(out, "scores.csv"))}
    parts = {"persons": {i: same for i, same in task.truth.items() if i in task.persons}, "all": task.truth}
    return {part: evaluate.score_labelled(labels, {i: scores[i] for i in labels}, peer.threshold) for part, labels in parts.items()}


def judge_ranks(_, task, out):
    ranks = {}
    for r in tables.read(os.path.join(out, "ranks.csv")):
        ranks.setdefault(r["query"], []).append((int(r["rank"]), r["id"]))
    return evaluate.score_ranks(task.truth, ranks)


def judge_links(peer, task, out):
    pairs = ((r["left"], r["right"], float(r["probability"])) for r in tables.read(os.path.join(out, "pairs.csv")))
    clusters = {r["id"]: r["cluster"] for r in tables.read(os.path.join(out, "clusters.csv"))}
    said = evaluate.score_linkage(task.truth, pairs, clusters)
    return said if peer.probabilities else dict(said, calibration_error=None)


JUDGES = {"link": judge_links, "names": judge_names, "rank": judge_ranks}


def problem(took, out):
    if took["code"] is None:
        return f"stopped after {took['wall']:.0f} s"
    with open(os.path.join(out, "printed"), encoding="utf-8", errors="replace") as f:
        last = " ".join(f.read().split("\n")[-4:]).strip()
    return f"failed ({took['code']}): {last[-200:].replace('|', '/')}"


class Result:
    """What one peer did on one task: its runs, and the scores of the first."""

    def __init__(self, peer, python, versions, missing):
        self.peer, self.python, self.digests = peer, python, set()
        self.told = {"peer": peer.name, "remark": peer.remark, "versions": versions, "problem": missing, "runs": []}

    def run(self, task, given):
        folder = self.peer.script.removesuffix(".py") + self.peer.variables.get("HOMEWARD_BENCH_LATIN", "")
        out = os.path.join(given.work, "results", task.name, folder)
        took = run(self.peer, self.python, task, out, given)
        tell(f"{task.name} {self.peer.name}: {took['wall']:.1f} s, {took['memory']:.0f} MiB, load {took['load']:.1f}")
        if took["code"] != 0:
            self.told["problem"] = problem(took, out)
            return
        self.told["runs"].append(took)
        self.digests.add(digest(task, out))
        if "scores" not in self.told:
            self.told["scores"] = JUDGES[task.kind](self.peer, task, out)

    def medians(self):
        runs = self.told["runs"]
        for measure in ("wall", "cpu", "memory"):
            self.told[measure] = statistics.median(r[measure] for r in runs) if runs else None
        return dict(self.told, identical=len(self.digests) == 1 if len(runs) > 1 else None)


def side_by_side(task, peers, given):
    """All peers on one task, run by run in turn."""
    results = [Result(*p) for p in peers]
    for _ in range(given.runs):
        for result in results:
            if not result.told["problem"]:
                result.run(task, given)
    return {"task": task.name, "kind": task.kind, "title": task.title, "results": [r.medians() for r in results]}


def chosen(given):
    """The peers that were asked for, each with its interpreter or the reason why there is none."""
    wanted = given.peers.split(",") if given.peers else [p.name for p in environments.PEERS]
    for peer in environments.PEERS:
        if peer.name in wanted:
            try:
                python = environments.python_of(peer, given.work)
                yield peer, python, environments.versions(peer, python), ""
            except environments.NotInstalled as why:
                yield peer, None, "", f"not installed: {why}"


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), "unknown processor")
    return {"processor": model, "processors": os.cpu_count(), "python": sys.version.split()[0], "load": os.getloadavg()[0]}


def measured(name, peers, given):
    """The report on one task, or why there is none."""
    try:
        task = tasks.prepare(name, given.data or "", given.work, given.synthetic)
    except FileNotFoundError as missing:
        return {"task": name, "problem": f"{os.path.basename(missing.filename)} not found; --data names its folder"}
    return side_by_side(task, [p for p in peers if name in p[0].tasks], given)


def main():
    given = options()
    os.makedirs(given.work, exist_ok=True)
    given.homeward = os.path.abspath(given.homeward) if given.homeward else built(given.work)
    peers = list(chosen(given))
    names = given.tasks.split(",") if given.tasks else [*tasks.KNOWN, *(["synthetic"] if given.synthetic else [])]
    report = {"machine": machine(), "runs": given.runs, "tasks": []}
    for name in names:
        report["tasks"].append(measured(name, peers, given))
        with open(os.path.join(given.work, "report.json"), "w", encoding="utf-8") as f:
            json.dump(report, f, indent=2)  # after each task: a bench that is stopped keeps what it measured
    print(json.dumps(report, indent=2) if given.json else table.markdown(report))


if __name__ == "__main__":
    main()
