# One image for the API and the workers; the command decides which.
FROM python:3.11-slim

RUN useradd --create-home --uid 1000 beatlens && mkdir /var/lib/beatlens && chown beatlens /var/lib/beatlens
WORKDIR /srv/beatlens
COPY --chown=beatlens . .
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu '.[postgres]'

USER beatlens
ENV BEATLENS_HOST=0.0.0.0 BEATLENS_PORT=8050 BEATLENS_DATA_DIR=/var/lib/beatlens BEATLENS_ACCOUNTS=true
EXPOSE 8050
HEALTHCHECK --interval=10s --timeout=3s CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8050/api/health')"
CMD ["beatlens", "api"]
