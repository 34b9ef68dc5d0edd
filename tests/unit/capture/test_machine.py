"""What a run ran on, and what it used there."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import begat
from begat.capture import container, hardware, seeds
from begat.capture.resources import Sampler
from begat.capture.runs import Run
from begat.graph_schema.events import Metric, Node, Setting

Told = Callable[[], Any]
Play = Callable[..., Any]


def lay(root: Path, **files: str) -> str:
    """A system's files: `proc__meminfo="..."` is /proc/meminfo."""
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(root)


def test_what_a_machine_is_made_of(tmp_path: Path) -> None:
    root = lay(
        tmp_path,
        proc__cpuinfo="processor : 0\nmodel name\t: EPYC 7763\n",
        proc__meminfo="MemTotal:  2048 kB\n",
        proc__driver__nvidia__version="NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19\n",
        proc__driver__nvidia__gpus__a__information="Model: \t NVIDIA A100\nIRQ: 1\n",
        proc__driver__nvidia__gpus__b__information="Model: \t NVIDIA A100\nIRQ: 2\n",
    )
    found = hardware.facts(root)
    assert found.pop("cpus_usable")
    assert found == {
        "cpu_model": "EPYC 7763", "memory": 2048 * 1024, "gpus": "2 x NVIDIA A100", "gpu_driver": "535.104.05",
    }  # fmt: skip


def test_this_machine_is_told_of(play: Play) -> None:
    events = play('with begat.run("a"): pass').events
    here = events.one(Node, types=["Node"])
    (found,) = [n for n in events.all(Node, id=here.id) if n is not here]
    assert found.attributes["memory"] > 1 << 20


def test_containers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*container.IMAGES, "KUBERNETES_SERVICE_HOST"):
        monkeypatch.delenv(name, raising=False)
    assert container.facts(str(tmp_path)) == {}
    root = lay(tmp_path / "docker", x="")
    (tmp_path / "docker/.dockerenv").touch()
    assert container.facts(root) == {"container": "docker"}
    root = lay(tmp_path / "podman", run__x="")
    (tmp_path / "podman/run/.containerenv").write_text('engine="podman-4"\nimage="docker.io/torch:2"\nimageid="ab"\n')
    assert container.facts(root) == {"container": "podman", "image": "docker.io/torch:2", "image_id": "ab"}
    monkeypatch.setenv("APPTAINER_CONTAINER", "/images/torch.sif")
    assert container.facts(root) == {"container": "apptainer", "image": "/images/torch.sif"}


def test_seeds_tell_whether_two_runs_began_alike() -> None:
    random.seed(1)
    one = seeds.states()
    assert seeds.states() == one
    random.random()
    assert seeds.states()["python"] != one["python"]


def test_seeds_are_settings_of_a_run_that_asks(told: Told) -> None:
    with begat.run("train", seeds=True) as run:
        pass
    assert told().one(Setting, name="seeds.python").run == run.id


def test_nothing_is_sampled_unless_asked(told: Told) -> None:
    with begat.run("train"):
        pass
    assert told().of(Metric) == []


def test_samples_are_series_of_the_run_with_their_units(told: Told) -> None:
    with begat.run("train", resources=True) as run:
        sum(i * i for i in range(300_000))
    points = told().all(Metric, run=run.id)
    known = {(p.name, p.context["unit"], p.context["of"]) for p in points}
    assert known >= {("cpu", "%", "process"), ("memory", "B", "process"), ("memory", "B", "machine")}
    assert max(p.value for p in points if p.name == "cpu") > 1
    assert min(p.value for p in points if p.name == "memory") > 1 << 20


def test_samples_are_taken_while_the_run_goes_on_and_by_one_process(play: Play) -> None:
    done = play(
        """
        with begat.run("train"):
            child = os.fork()
            time.sleep(2.5)
            if child == 0: sys.exit(0)
            os.waitpid(child, 0)
        """,
        BEGAT_RESOURCES="1.0001",
    )
    assert (done.code, done.err) == (0, "")
    series = [j for j in done.journals if any(isinstance(e, Metric) for e in j.events)]
    assert len(series) == 1
    assert len([e for e in series[0].events if isinstance(e, Metric) and e.name == "memory"]) >= 4


def test_energy_is_counted_since_the_start_also_when_the_counter_goes_round(tmp_path: Path) -> None:
    files = {"name": "package-0", "max_energy_range_uj": "10000000", "energy_uj": "9000000"}
    zone = tmp_path / "sys/class/powercap/intel-rapl:0"
    zone.mkdir(parents=True)
    for name, text in files.items():
        (zone / name).write_text(text)
    sampler = Sampler(Run("train", []), str(tmp_path))

    def joules() -> list[tuple[float, str, str]]:
        return [(s.value, s.unit, s.of) for s in sampler.samples() if s.name == "energy"]

    (zone / "energy_uj").write_text("9500000")
    assert joules() == [(0.5, "J", "package-0")]
    (zone / "energy_uj").write_text("1500000")
    assert joules() == [(2.5, "J", "package-0")]


#: What begat uses of nvidia-ml-py, as a machine with two GPUs answers: of the second one NVML tells little.
NVML = """
    import types
    class NVMLError(Exception): pass
    def of_first(told):
        def ask(handle):
            if handle: raise NVMLError("Not Supported")
            return told()
        return ask
    def no_rights(): raise NVMLError("Insufficient Permissions")
    joules = iter(range(1_000_000, 9_000_000, 500))
    sys.modules["pynvml"] = types.SimpleNamespace(
        NVMLError=NVMLError, nvmlInit=lambda: None, nvmlShutdown=lambda: None,
        nvmlDeviceGetCount={count}, nvmlDeviceGetHandleByIndex=lambda n: n, nvmlDeviceGetName=lambda n: f"H{{n}}",
        nvmlDeviceGetUtilizationRates=of_first(lambda: types.SimpleNamespace(gpu=87)),
        nvmlDeviceGetMemoryInfo=lambda n: types.SimpleNamespace(used=(n + 1) * 1024),
        nvmlDeviceGetPowerUsage=of_first(lambda: 215_500),
        nvmlDeviceGetTotalEnergyConsumption=of_first(lambda: next(joules)),
    )
    with begat.run("train", resources=True):
        time.sleep(1.5)
"""


def test_gpus_are_sampled_where_nvml_tells(play: Play) -> None:
    """What a GPU, or a slice of one, does not tell is left out. Energy counts from the first sample."""
    done = play(NVML.format(count="lambda: 2"))
    assert (done.code, done.out, done.err) == (0, "", "")
    found = [(m.name, m.value, m.context["unit"], m.context["of"]) for m in done.events.of(Metric)]
    first, last = ([f for f in found if "gpu" in f[3]][part] for part in (slice(0, 5), slice(5, None)))
    assert first == [
        ("gpu", 87, "%", "gpu-0"), ("gpu_memory", 1024, "B", "gpu-0"), ("power", 215.5, "W", "gpu-0"),
        ("energy", 0, "J", "gpu-0"), ("gpu_memory", 2048, "B", "gpu-1"),
    ]  # fmt: skip
    assert ("energy", 0.5, "J", "gpu-0") in last
    assert [n.attributes["gpus"] for n in done.events.of(Node) if "gpus" in n.attributes] == ["1 x H0, 1 x H1"]


def test_a_driver_that_answers_nothing_is_no_failure(play: Play) -> None:
    done = play(NVML.format(count="no_rights"))
    assert (done.code, done.err) == (0, "")
    assert {m.context["of"] for m in done.events.of(Metric)} == {"process", "machine"}
