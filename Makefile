# Every target sets up what it needs, in .venv and .cache (both ignored by git).
.DEFAULT_GOAL := help
.PHONY: help demo test service-fuzz check bench neo4j lock clean

bin := .venv/bin
ready := .venv/.ready

help:  ## this list
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## /\1|/p' Makefile | while IFS='|' read -r name what; do \
	    printf '  make %-12s %s\n' "$$name" "$$what"; done

demo: $(ready)  ## train real models with capture on in ./begat-demo, then ask how they came to be
	$(bin)/begat demo --dir begat-demo

test: $(ready)  ## the whole suite; make test ARGS="tests/unit -x" for a part of it
	$(bin)/python -m pytest $(ARGS)

service-fuzz: $(ready)  ## the service under 200 made-up requests for each thing that can be asked: half an hour
	BEGAT_TEST_EXAMPLES=200 $(bin)/python -m pytest tests/service/test_openapi.py $(ARGS)

check: $(ready)  ## ruff, mypy, pyright and the import rules
	$(bin)/ruff check .
	$(bin)/mypy
	@scripts/pyright
	$(bin)/lint-imports --no-logo --cache-dir .cache/import-linter

bench: $(ready)  ## the benchmarks, as JSON
	@$(bin)/python -m benchmarks $(ARGS)

neo4j: $(ready)  ## start a Neo4j server for play and print its address; Ctrl-C ends it
	@XDG_CACHE_HOME=$(CURDIR)/.cache $(bin)/begat doctor --start-neo4j $(ARGS)

lock:  ## write the locks in requirements/ anew from pyproject.toml and dev.in
	scripts/setup lock

clean:  ## remove what make set up and what tools left behind
	rm -rf .venv .cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(ready): pyproject.toml requirements/dev.txt scripts/setup
	@scripts/setup
	@touch $@
