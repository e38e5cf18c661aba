# Guide ESS 62. `make` montre l'aide. Chaque commande installe ce qu'il lui faut.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
SIZE ?= 200
VENV := .venv
BIN := $(VENV)/bin
export GUIDE_BIND = $(HOST):$(PORT)
export GUIDE_PUBLIC_URL ?= http://$(HOST):$(PORT)

.DEFAULT_GOAL := help
.PHONY: help run demo code test check lint types floors templates knowledge unit browser bench scale load crash nu lighthouse weights pictures sweep words lock clean

help: ## montre cette aide
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

$(VENV)/run.done: requirements/run.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 ou plus récent est nécessaire (make run PYTHON=python3.12)")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/dev.done: requirements/dev.txt $(VENV)/run.done
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

run: $(VENV)/run.done ## lance le site (make run HOST=0.0.0.0 PORT=8080)
	@$(BIN)/python -m guide.store.schema
	@exec $(BIN)/gunicorn --config python:guide.serving wsgi:app

demo: $(VENV)/run.done ## ouvre un bureau rempli de personnes inventées (make demo SIZE=5000)
	@export GUIDE_INSTANCE="$(CURDIR)/instance/demo" GUIDE_DATABASE_URL= \
	  && $(BIN)/python -m flask --app wsgi demo fill --size $(SIZE) \
	  && exec $(BIN)/gunicorn --config python:guide.serving wsgi:app

code: $(VENV)/run.done ## dit le code du téléphone de la démonstration
	@GUIDE_INSTANCE="$(CURDIR)/instance/demo" $(BIN)/python -m flask --app wsgi demo code

test: check unit browser ## tout ce que vérifie l'intégration continue

check: lint types floors templates knowledge ## vérifications sans exécution : style, types, étages, gabarits, contenu

lint: $(VENV)/dev.done ## style et sécurité du code (ruff)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/dev.done ## types (mypy, strict)
	@$(BIN)/mypy guide wsgi.py

floors: $(VENV)/dev.done ## étages de la maison (import-linter)
	@$(BIN)/lint-imports --no-logo

templates: $(VENV)/dev.done ## gabarits (djlint)
	@$(BIN)/djlint templates --lint --quiet

knowledge: $(VENV)/run.done ## relit la base de connaissances : erreurs, alertes, couverture
	@$(BIN)/python -m guide.cli

unit: $(VENV)/dev.done ## tests sans navigateur
	@$(BIN)/python -m pytest --ignore tests/browser

browser: $(VENV)/dev.done ## tests dans un vrai Chromium
	@CHROMIUM="$$($(BIN)/python -m tests.browser.chromium)" && export CHROMIUM && $(BIN)/python -m pytest tests/browser

bench: $(VENV)/dev.done ## qualité et vitesse de l'orientation et de l'assistant, durée des pages du bureau
	@$(BIN)/python -m benchmarks.bench

scale: $(VENV)/dev.done ## vitesse et mémoire de l'assistant sur une base de 10 000 fiches (quinze minutes), et sa courbe
	@$(BIN)/python -m benchmarks.scale

load: $(VENV)/dev.done ## débit du serveur de production (il faut wrk)
	@$(BIN)/python -m benchmarks.load

pictures: $(VENV)/dev.done ## refait les images de docs/pictures
	@$(BIN)/python -m benchmarks.pictures

sweep: $(VENV)/dev.done ## axe sur toutes les fiches, tous les projets, tous les territoires (long)
	@CHROMIUM="$$($(BIN)/python -m tests.browser.chromium)" && export CHROMIUM && $(BIN)/python -m pytest tests/browser/sweep.py

nu: $(VENV)/dev.done ## chaque page par le vérificateur HTML Nu (il faut npm et Java 17)
	@$(BIN)/python -m benchmarks.outside nu

lighthouse: $(VENV)/dev.done ## notes de Lighthouse des pages les plus vues (il faut npm et Chromium)
	@$(BIN)/python -m benchmarks.outside lighthouse

weights: $(VENV)/dev.done ## mesure le poids de chaque page et tient à jour docs/ecoconception.md
	@$(BIN)/python -m benchmarks.weights

crash: $(VENV)/dev.done ## tue le serveur pendant que huit personnes envoient une demande : rien ne doit se perdre
	@$(BIN)/python -m benchmarks.crash

words: $(VENV)/run.done ## refait la liste des mots français courants (knowledge/language)
	@tools="$$(mktemp -d)" && trap 'rm -rf "$$tools"' EXIT && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --target "$$tools" -r requirements/words.txt && \
	PYTHONPATH="$$tools" $(BIN)/python -m benchmarks.build_words

lock: $(VENV)/dev.done ## refait les fichiers de dépendances verrouillées
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements/run.txt
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements/dev.txt
	@$(BIN)/uv pip compile --group words --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements/words.txt

clean: ## retire ce que make a installé
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
