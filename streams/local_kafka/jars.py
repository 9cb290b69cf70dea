"""Kafka's jars, fetched once by Maven into a cache; and whether Java and Maven are here at all."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from streams.errors import LocalKafkaFailed

DEFAULT_VERSION = "4.1.1"
VERSIONS = ("3.9.1", DEFAULT_VERSION)
JAVA_LEAST = 17
_POM = Path(__file__).with_name("pom.xml")
_FETCH_TIMEOUT_S = 600
_INSTALL_JAVA = (
    "Install it (Debian, Ubuntu: `apt-get install openjdk-17-jre-headless`; "
    "Fedora: `dnf install java-17-openjdk-headless`) and see that `java` is on PATH or JAVA_HOME is set."
)
_INSTALL_MAVEN = (
    "Install it (Debian, Ubuntu: `apt-get install maven`; Fedora: `dnf install maven`) so that `mvn` is on PATH."
)


def java() -> Path:
    """The `java` to run Kafka with; raise `LocalKafkaFailed` where there is none or one that is too old."""
    home = os.environ.get("JAVA_HOME", "")
    found = shutil.which("java", path=f"{home}/bin") if home else None
    found = found or shutil.which("java")
    if found is None:
        raise LocalKafkaFailed(f"Kafka needs Java {JAVA_LEAST} or newer, and there is no `java` here. {_INSTALL_JAVA}")
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = java_version(said)
    if version is None or version < JAVA_LEAST:
        what = said.splitlines()[0] if said else "does not tell its version"
        raise LocalKafkaFailed(f"Kafka needs Java {JAVA_LEAST} or newer; {found} is: {what}. {_INSTALL_JAVA}")
    return Path(found)


def java_version(said: str) -> int | None:
    """The major version in what `java -version` says (1.8 is 8), or None."""
    match = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(match[1]) if match else None


def default_cache() -> Path:
    """Where jars are kept: `$XDG_CACHE_HOME/motcua`, else `~/.cache/motcua`."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "motcua"


def jars(version: str = DEFAULT_VERSION, cache: Path | None = None) -> Path:
    """The folder with Kafka's jars of that version; fetch them when they are not there yet.

    The folder appears whole or not at all, so an interrupted or a concurrent fetch does no harm.
    """
    folder = (cache or default_cache()) / f"kafka-{version}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="fetching-") as scratch:
        fetched = Path(scratch) / "jars"
        _fetch(version, Path(scratch), fetched)
        try:
            fetched.rename(folder)
        except OSError:
            # Another process was quicker; its jars are the same.
            if not folder.is_dir():
                raise
    return folder


def _fetch(version: str, scratch: Path, into: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise LocalKafkaFailed(f"Kafka's jars are fetched by Maven, and there is no `mvn` here. {_INSTALL_MAVEN}")
    # Maven may write beside the pom, and our own folder may be read-only.
    pom = scratch / "pom.xml"
    shutil.copyfile(_POM, pom)
    command = [maven, "-B", "-q", "-f", str(pom), f"-Dkafka.version={version}", "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={into}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_FETCH_TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise LocalKafkaFailed(
            f"Maven did not fetch Kafka {version} within {_FETCH_TIMEOUT_S} s. Is the network there? Try again."
        ) from error
    if done.returncode != 0 or not any(into.glob(f"kafka_2.13-{version}.jar")):
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise LocalKafkaFailed(
            f"Maven could not fetch Kafka {version}; it said:\n{last}\n"
            "Is the network there, or does Maven need a mirror in its settings.xml?"
        )
