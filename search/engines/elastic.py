"""The Elasticsearch engine: the same terms, plans and answers as the embedded one, kept on a server of its own.

`elasticsearch://[USER:PASSWORD@]HOST[:PORT][/PREFIX][?tls=true]`. The index is served under the alias PREFIX; a rebuild
is made under PREFIX-next and takes its place in one step. What is asked of the server is put together in
elastic_query.py; here is how it is kept and reached.

Words that people type go to the server in bodies of requests and nowhere else: no message of an error holds any.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from elastic_transport import NodeConfig, TransportError
from elastic_transport.client_utils import basic_auth_to_header
from elasticsearch import ApiError, Elasticsearch, NotFoundError
from elasticsearch.helpers import streaming_bulk

from search.documents import FIELDS
from search.engines.base import EngineUnavailableError, RawResult
from search.engines.elastic_query import DEEPEST, K1, Question
from search.entries import Entry
from search.facets import FACETS
from search.planning import ENOUGH, Plan

# Raised when the mapping changes: an index of another layout has to be built again.
LAYOUT = "2"
DEFAULT_PORT = 9200
DEFAULT_PREFIX = "palvelupolku"
# A page waits no longer for its results, whatever the ladder asks.
SEARCH_SECONDS = 1.0
WRITE_SECONDS = 30
# Putting all segments of 100,000 listings into one takes seconds, on a busy server minutes.
MERGE_SECONDS = 600
BATCH = 500
MOST_BYTES = 10_000_000
ROWS_A_READ = 10_000

JSON = {"accept": "application/json", "content-type": "application/json"}
KEYWORD = {"type": "keyword"}
# Looked up, never counted or sorted by.
LOOKED_UP = {"type": "keyword", "doc_values": False}
SHOWN = {"type": "keyword", "index": False}
NUMBER = {"type": "long", "index": False}
WORDS = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}

# A line for each request is no news; it would not hold what was searched for either.
logging.getLogger("elastic_transport").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is, and under which name the index is kept there."""

    host: str
    port: int
    prefix: str
    user: str = ""
    password: str = ""
    is_tls: bool = False

    @classmethod
    def parse(cls, url: str) -> Address:
        """Reads SEARCH_URL. Raises ValueError that says what is wrong with it."""
        parts = urlsplit(url)
        if parts.scheme != "elasticsearch" or not parts.hostname:
            raise ValueError("SEARCH_URL: write elasticsearch://HOST:9200, see .env.example")
        options = parse_qs(parts.query)
        if unknown := options.keys() - {"tls"}:
            raise ValueError(f"SEARCH_URL: unknown options {sorted(unknown)}")
        return cls(
            host=parts.hostname,
            port=parts.port or DEFAULT_PORT,
            prefix=parts.path.strip("/") or DEFAULT_PREFIX,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_tls=options.get("tls") == ["true"],
        )

    def node(self) -> NodeConfig:
        headers = {"authorization": basic_auth_to_header((self.user, self.password))} if self.user else {}
        return NodeConfig("https" if self.is_tls else "http", self.host, self.port, headers=headers)


class ElasticEngine:
    """Safe to share between threads."""

    name = "elasticsearch"

    def __init__(self, url: str, analysis_signature: str, *, is_read_at_once: bool = False) -> None:
        """`is_read_at_once`: a write answers when searches find it; else they find it within a second."""
        address = Address.parse(url)
        self._built_by = f"{LAYOUT} {analysis_signature}"
        self._live, self._next = address.prefix, f"{address.prefix}-next"
        self._refresh = is_read_at_once
        self._client = Elasticsearch([address.node()], request_timeout=WRITE_SECONDS, max_retries=0)

    # --- the index -------------------------------------------------------------------------------------------------

    def create(self) -> None:
        with _reachable():
            if not self._client.indices.exists_alias(name=self._live):
                # One name for the first: of two processes that begin at once, one makes it.
                self._make(f"{self._live}-first", self._live, ignored=[400])

    @property
    def is_current(self) -> bool:
        with _reachable():
            return self._signature(self._live) == self._built_by

    def _signature(self, alias: str) -> str | None:
        """By which layout and analysers the index of this alias was built; None when there is none."""
        try:
            found = self._client.indices.get_mapping(index=alias, filter_path="*.mappings._meta")
        except NotFoundError:
            return None
        return next((str(index["mappings"]["_meta"]["built_by"]) for index in found.values()), "")

    def _make(self, index: str, alias: str, *, ignored: Collection[int] = (), refresh: str = "1s") -> None:
        self._client.options(ignore_status=list(ignored)).indices.create(
            index=index,
            aliases={alias: {}},
            mappings={"_meta": {"built_by": self._built_by}, **_mapping()},
            settings={
                # One shard: the counts beside choices are exact, and no collection of this kind needs two.
                "number_of_shards": 1,
                "auto_expand_replicas": "0-1",
                "refresh_interval": refresh,
                "max_result_window": DEEPEST,
                "similarity": {"default": {"type": "BM25", "k1": K1}},
            },
        )

    # --- writing ---------------------------------------------------------------------------------------------------

    def upsert(self, entries: Iterable[Entry]) -> int:
        written = list(entries)
        with _reachable():
            targets = self._targets()
            for entry in self._write(_operation("index", entry, alias) for entry in written for alias in targets):
                _ = entry
        return len(written)

    def delete(self, ids: Iterable[str]) -> None:
        gone = list(ids)
        with _reachable():
            self._remove(gone, self._targets())

    def _remove(self, ids: Collection[str], targets: Collection[str]) -> None:
        for one in self._write({"_op_type": "delete", "_index": alias, "_id": id} for id in ids for alias in targets):
            _ = one

    def _targets(self) -> list[str]:
        """Where a change goes: what serves, and a rebuild whose terms are ours."""
        return [self._live, *([self._next] if self._signature(self._next) == self._built_by else [])]

    def _write(self, operations: Iterable[Mapping[str, Any]]) -> Iterator[bool]:
        """Carries the operations out; tells of each whether it changed something."""
        answers = streaming_bulk(
            self._client,
            operations,
            chunk_size=BATCH,
            max_chunk_bytes=MOST_BYTES,
            raise_on_error=False,
            # An index that a swap has just taken away must not come back by being written to.
            require_alias=True,
            refresh=self._refresh,
        )
        for is_done, answer in answers:
            ((operation, item),) = answer.items()
            # Gone already; there already; or the rebuild was swapped in meanwhile and got the change as what serves.
            is_vain = (
                (operation == "delete" and item["status"] == 404 and "error" not in item)
                or (operation == "create" and item["status"] == 409)
                or (item["_index"] == self._next and item["status"] == 404)
            )
            if not is_done and not is_vain:
                raise EngineUnavailableError(f"Elasticsearch refused an entry: {item['error']['type']}")
            yield is_done

    # --- a rebuild -------------------------------------------------------------------------------------------------

    def begin(self) -> dict[str, str]:
        with _reachable():
            if self._signature(self._next) == self._built_by:
                return self._digests(self._next)
            for index in self._indices_of(self._next):
                self._client.indices.delete(index=index)
            # Nobody reads it yet: making it readable each second would cost a third of the time.
            self._make(f"{self._live}-{datetime.now(UTC):%Y%m%d%H%M%S%f}", self._next, refresh="-1")
        return {}

    def build(self, entries: Iterable[Entry]) -> int:
        with _reachable():
            return sum(self._write(_operation("create", entry, self._next) for entry in entries))

    def built(self) -> dict[str, str]:
        with _reachable():
            return self._digests(self._next)

    def unbuild(self, ids: Iterable[str]) -> None:
        with _reachable():
            self._remove(list(ids), [self._next])

    def swap(self) -> None:
        with _reachable():
            (built,) = self._indices_of(self._next)
            self._client.indices.put_settings(index=built, settings={"refresh_interval": "1s"})
            patient = self._client.options(request_timeout=MERGE_SECONDS)
            patient.indices.forcemerge(index=built, max_num_segments=1)
            patient.indices.refresh(index=built)
            actions: list[dict[str, Any]] = [
                {"remove_index": {"index": index}} for index in self._indices_of(self._live)
            ]
            actions.append({"remove": {"index": built, "alias": self._next}})
            actions.append({"add": {"index": built, "alias": self._live}})
            self._client.indices.update_aliases(actions=actions)

    def _indices_of(self, alias: str) -> list[str]:
        try:
            return list(self._client.indices.get_alias(name=alias))
        except NotFoundError:
            return []

    # --- reading ---------------------------------------------------------------------------------------------------

    def search(self, plan: Plan) -> RawResult:
        question = Question(plan)
        until = time.monotonic() + SEARCH_SECONDS
        step, is_in_places = 1, True
        answer = self._ask(question.body(step), until)
        while step < question.steps and question.climbed(answer) < ENOUGH:
            step += 1
            answer = self._ask(question.body(step), until)
        if plan.places and plan.groups and not question.matched(answer):
            # A place where nothing was found is no reason to show nothing.
            is_in_places = False
            answer = self._ask(question.body(step, in_places=False), until)
        bands: list[dict[str, Any]] = []
        if question.is_banded:
            bands = [self._ask(body, until) for body in question.bands(step, answer, in_places=is_in_places)]
        return question.result(step, answer, bands)

    def _ask(self, body: Mapping[str, Any], until: float) -> dict[str, Any]:
        """One search request. By the transport: the client's own `search` takes as long as a server with little to do,
        and its errors repeat what the server says, in which the words of the query may be."""
        with _reachable():
            answer = self._client.transport.perform_request(
                "POST",
                f"/{self._live}/_search",
                headers=JSON,
                body=body,
                request_timeout=max(0.01, until - time.monotonic()),
                max_retries=0,
            )
        if answer.meta.status != 200:
            raise EngineUnavailableError(f"Elasticsearch answered with {answer.meta.status}")
        return answer.body

    def digests(self) -> dict[str, str]:
        with _reachable():
            return self._digests(self._live)

    def _digests(self, alias: str) -> dict[str, str]:
        rows = self._all_rows(alias, source=False, docvalue_fields=[{"field": "id"}, {"field": "digest"}])
        return {row["fields"]["id"][0]: row["fields"]["digest"][0] for row in rows}

    def _all_rows(self, alias: str, **read: Any) -> Iterator[Mapping[str, Any]]:
        """Every row of an index, in the order of ids, which each row must tell."""
        self._client.options(request_timeout=MERGE_SECONDS).indices.refresh(index=alias)
        last = ""
        while True:
            rows = self._client.search(
                index=alias,
                query={"range": {"id": {"gt": last}}},
                sort=[{"id": "asc"}],
                size=ROWS_A_READ,
                track_total_hits=False,
                **read,
            )["hits"]["hits"]
            yield from rows
            if len(rows) < ROWS_A_READ:
                return
            last = rows[-1]["sort"][0]

    def built_terms(self) -> Iterable[tuple[str, int]]:
        counts: Counter[str] = Counter()
        with _reachable():
            for row in self._all_rows(self._next, source=["terms"]):
                counts.update(row["_source"]["terms"])
        return counts.items()

    def terms_of(self, ids: Collection[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        wanted = list(ids)
        with _reachable():
            for start in range(0, len(wanted), BATCH):
                rows = self._client.mget(index=self._live, ids=wanted[start : start + BATCH])["docs"]
                found.update((row["_id"], set(row["_source"]["terms"])) for row in rows if row.get("found"))
        return found


@contextmanager
def _reachable() -> Iterator[None]:
    """Turns every failure to be served into EngineUnavailableError."""
    try:
        yield
    except ApiError as error:
        raise EngineUnavailableError(f"Elasticsearch answered with {error.status_code}") from error
    except TransportError as error:
        raise EngineUnavailableError(f"Elasticsearch did not answer: {type(error).__name__}") from error


def _mapping() -> dict[str, Any]:
    return {
        "dynamic": "strict",
        # Of the texts only the terms are kept: that is what has to be read again when an entry changes.
        "_source": {"includes": ["terms"]},
        "properties": {
            "id": KEYWORD,
            "digest": SHOWN,
            # Weighed by field; looked up by `terms`, which has them all.
            "text": {"properties": dict.fromkeys(FIELDS, WORDS)},
            "terms": LOOKED_UP,
            "facets": {"properties": dict.fromkeys(FACETS, KEYWORD)},
            "languages": LOOKED_UP,
            "names": LOOKED_UP,
            "points": {"type": "geo_point"},
            "is_nationwide": {"type": "boolean", "doc_values": False},
            "is_remote": {"type": "boolean", "doc_values": False},
            "checked": NUMBER,
            "is_stale": {"type": "boolean", "doc_values": False},
            "title_key": NUMBER,
        },
    }


def _operation(kind: str, entry: Entry, alias: str) -> dict[str, Any]:
    document = asdict(entry)
    document["text"] = document.pop("fields")
    document["points"] = [{"lat": lat, "lon": lon} for lat, lon in entry.points]
    document["terms"] = sorted(entry.terms())
    return {"_op_type": kind, "_index": alias, "_id": entry.id, "_source": document}
