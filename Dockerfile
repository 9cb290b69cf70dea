# The image of every command: `motcua worker` unless told otherwise.  Nothing in it runs as root.

FROM python:3.11.13-slim-bookworm AS build
WORKDIR /src
COPY deploy/requirements.lock deploy/requirements.lock
RUN python -m venv /opt/motcua
# What is installed is what the lock says, by its hashes; nothing is compiled, so no compiler is needed.
RUN /opt/motcua/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes -r deploy/requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY streams streams
COPY dashboards dashboards
COPY simulators simulators
RUN /opt/motcua/bin/pip wheel --no-cache-dir --disable-pip-version-check --no-deps --wheel-dir /wheel .
RUN /opt/motcua/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-index --find-links /wheel motcua
RUN /opt/motcua/bin/pip uninstall --yes pip setuptools

FROM python:3.11.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/motcua --create-home motcua
COPY --from=build /opt/motcua /opt/motcua
ENV PATH=/opt/motcua/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MOTCUA_DATA=/var/lib/motcua
USER 10001
WORKDIR /var/lib/motcua
# The port is that of the setting http_port; a command without pages switches this off (--no-healthcheck).
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:6067/livez', timeout=4)"]
ENTRYPOINT ["motcua"]
CMD ["worker"]
