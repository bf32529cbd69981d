# The site as one image; compose.yaml runs it as web server, as task worker and once to prepare the database.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 VAR_DIR=/srv/var

# Pango draws the PDFs; the fonts are theirs.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-liberation fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --create-home --home-dir /srv site && install -d -o site /srv/var
WORKDIR /srv/site

# First the lock alone: a change of our own code does not install everything anew.
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY . .
RUN python -m scripts.compile_messages

USER site
VOLUME /srv/var
EXPOSE 8000
# Threads before processes: the cache in memory is one per process. No access lines are written: they would hold what
# people search for.
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--preload"]
