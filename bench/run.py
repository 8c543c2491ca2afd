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
    p.add_argument("--tasks", help="comma-separated, of: " + ", ".join([*tasks.NAMES, "synthetic"]))
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


def judge(peer, task, out):
    """What the evaluator says of the result in a folder."""
    if task.kind == "names":
        scores = {r["id"]: float(r["score"]) for r in tables.read(os.path.join(out, "scores.csv"))}
        persons = {i: same for i, same in task.truth.items() if i in task.persons}
        return {part: evaluate.score_labelled(labels, {i: scores[i] for i in labels}, peer.threshold) for part, labels in (("persons", persons), ("all", task.truth))}
    if task.kind == "rank":
        ranks = {}
        for r in tables.read(os.path.join(out, "ranks.csv")):
            ranks.setdefault(r["query"], []).append((int(r["rank"]), r["id"]))
        return evaluate.score_ranks(task.truth, ranks)
    pairs = ((r["left"], r["right"], float(r["probability"])) for r in tables.read(os.path.join(out, "pairs.csv")))
    said = evaluate.score_linkage(task.truth, pairs, {r["id"]: r["cluster"] for r in tables.read(os.path.join(out, "clusters.csv"))})
    if not peer.probabilities:
        said["calibration_error"] = None
    return said


def problem(took, out):
    if took["code"] is None:
        return f"stopped after {took['wall']:.0f} s"
    with open(os.path.join(out, "printed"), encoding="utf-8", errors="replace") as f:
        last = (f.read().strip().splitlines() or ["nothing"])[-1]
    return f"failed ({took['code']}): {last[:200]}"


def side_by_side(task, peers, given):
    """All peers on one task, run by run in turn."""
    results = [{"peer": p.name, "remark": p.remark, "versions": v, "problem": missing, "runs": []} for p, _, v, missing in peers]
    digests = [set() for _ in peers]
    for number in range(given.runs):
        for (peer, python, _, _), result, seen in zip(peers, results, digests):
            if result["problem"]:
                continue
            out = os.path.join(given.work, "results", task.name, peer.script.removesuffix(".py") + peer.variables.get("HOMEWARD_BENCH_LATIN", ""))
            took = run(peer, python, task, out, given)
            tell(f"{task.name} {number + 1}/{given.runs} {peer.name}: {took['wall']:.1f} s, {took['memory']:.0f} MiB, load {took['load']:.1f}")
            if took["code"] != 0:
                result["problem"] = problem(took, out)
                continue
            result["runs"].append(took)
            seen.add(digest(task, out))
            if len(result["runs"]) == 1:
                result["scores"] = judge(peer, task, out)
    for result, seen in zip(results, digests):
        for measure in ("wall", "cpu", "memory"):
            result[measure] = statistics.median(r[measure] for r in result["runs"]) if result["runs"] else None
        result["identical"] = len(seen) == 1 if len(result["runs"]) > 1 else None
    return {"task": task.name, "kind": task.kind, "title": task.title, "results": results}


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


def main():
    given = options()
    os.makedirs(given.work, exist_ok=True)
    given.homeward = os.path.abspath(given.homeward) if given.homeward else built(given.work)
    peers = list(chosen(given))
    names = given.tasks.split(",") if given.tasks else [*tasks.NAMES, *(["synthetic"] if given.synthetic else [])]
    report = {"machine": machine(), "runs": given.runs, "tasks": []}
    for name in names:
        try:
            task = tasks.prepare(name, given.data or "", given.work, given.synthetic)
        except FileNotFoundError as missing:
            report["tasks"].append({"task": name, "title": name, "problem": f"not found: {os.path.basename(missing.filename)}; --data names its folder", "results": []})
            continue
        report["tasks"].append(side_by_side(task, [p for p in peers if name in p[0].tasks], given))
    with open(os.path.join(given.work, "report.json"), "w", encoding="utf-8") as f:
        json.dump(report, f, indent=2)
    print(json.dumps(report, indent=2) if given.json else table.markdown(report))


if __name__ == "__main__":
    main()
