# The tracking server on port 5000, the app on 8501, and the jobs: every command of raincast, as an ordinary user, over
# /srv/raincast.
FROM docker.io/library/python:3.12-slim-bookworm@sha256:54c85f3c47607a77f32adec749d3c81d1348bf25833671f512b26a9b6d778cb3 AS base
FROM base AS libraries
WORKDIR /tmp/build
COPY requirements-setup.txt ./
RUN python -m venv /opt/build \
    && /opt/build/bin/python -m pip install --no-cache-dir --require-hashes -r requirements-setup.txt
COPY requirements.txt ./
RUN python -m venv /opt/venv \
    && VIRTUAL_ENV=/opt/venv /opt/build/bin/uv pip sync --no-cache --compile-bytecode --require-hashes requirements.txt
COPY pyproject.toml README.md ./
COPY requirements ./requirements
COPY raincast ./raincast
RUN /opt/build/bin/uv build --quiet --wheel --no-build-isolation --python /opt/build/bin/python --out-dir /tmp/wheel . \
    && VIRTUAL_ENV=/opt/venv /opt/build/bin/uv pip install --no-cache --compile-bytecode --no-deps /tmp/wheel/*.whl

FROM base
RUN useradd --uid 1000 --create-home raincast && install -d -o raincast -g raincast /srv/raincast
COPY --from=libraries /opt/venv /opt/venv
WORKDIR /opt/raincast
COPY params.yaml streamlit_app.py ./
COPY .streamlit ./.streamlit
COPY scripts/mlflow_server.sh scripts/ensure_mlflow_env.sh ./scripts/
COPY src ./src
COPY optimisations ./optimisations
ENV PATH=/opt/venv/bin:$PATH PROJECT_ROOT=/srv/raincast PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 1000
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:5000/health', timeout=4)"]
# Inside a container there is no loopback to the outside; the Compose file publishes the port on loopback only.
ENV MLFLOW_HOST=0.0.0.0
CMD ["scripts/mlflow_server.sh"]
